// Command allow is an ext_authz server (envoy.service.auth.v3) by grpc-go that says yes to everything, at once: the least that any
// server written with it can cost. It also writes the descriptors by which a load generator makes requests.
//
//	allow ADDRESS               serves
//	allow -descriptors FILE     writes the service's descriptors and those of gRPC's health (google.protobuf.FileDescriptorSet)
//	allow -frame                reads a CheckRequest as JSON, and writes it as the body of a call
package main

import (
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"os"

	auth "github.com/envoyproxy/go-control-plane/envoy/service/auth/v3"
	"google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/grpc"
	"google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/descriptorpb"
)

type allow struct {
	auth.UnimplementedAuthorizationServer
}

func (allow) Check(context.Context, *auth.CheckRequest) (*auth.CheckResponse, error) {
	return &auth.CheckResponse{
		Status:       &status.Status{},
		HttpResponse: &auth.CheckResponse_OkResponse{OkResponse: &auth.OkHttpResponse{}},
	}, nil
}

func main() {
	var err error
	switch {
	case len(os.Args) == 3 && os.Args[1] == "-descriptors":
		err = describe(os.Args[2])
	case len(os.Args) == 2 && os.Args[1] == "-frame":
		err = frame(os.Stdin, os.Stdout)
	case len(os.Args) == 2:
		err = serve(os.Args[1])
	default:
		err = fmt.Errorf("usage: allow ADDRESS | allow -descriptors FILE | allow -frame")
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "allow:", err)
		os.Exit(1)
	}
}

func serve(address string) error {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	server := grpc.NewServer()
	auth.RegisterAuthorizationServer(server, allow{})
	return server.Serve(listener)
}

// describe writes the file of the service after all that it imports.
func describe(path string) error {
	set := &descriptorpb.FileDescriptorSet{}
	seen := map[string]bool{}
	var add func(file protoreflect.FileDescriptor)
	add = func(file protoreflect.FileDescriptor) {
		if seen[file.Path()] {
			return
		}
		seen[file.Path()] = true
		for i := 0; i < file.Imports().Len(); i++ {
			add(file.Imports().Get(i).FileDescriptor)
		}
		set.File = append(set.File, protodesc.ToFileDescriptorProto(file))
	}
	add(auth.File_envoy_service_auth_v3_external_auth_proto)
	add(grpc_health_v1.File_grpc_health_v1_health_proto)
	bytes, err := proto.Marshal(set)
	if err != nil {
		return err
	}
	return os.WriteFile(path, bytes, 0o644)
}

// frame puts before the message what gRPC does: that it is not compressed, and its length.
func frame(in io.Reader, out io.Writer) error {
	text, err := io.ReadAll(in)
	if err != nil {
		return err
	}
	request := &auth.CheckRequest{}
	if err := protojson.Unmarshal(text, request); err != nil {
		return err
	}
	message, err := proto.Marshal(request)
	if err != nil {
		return err
	}
	_, err = out.Write(append(binary.BigEndian.AppendUint32([]byte{0}, uint32(len(message))), message...))
	return err
}
