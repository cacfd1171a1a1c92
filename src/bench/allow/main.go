// Command allow is an ext_authz server (envoy.service.auth.v3) by grpc-go that says yes to everything, at once: the least that any
// server written with it can cost. It also writes the descriptors by which a load generator makes requests.
//
//	allow ADDRESS               serves
//	allow -descriptors FILE     writes the service's descriptors (google.protobuf.FileDescriptorSet)
package main

import (
	"context"
	"fmt"
	"net"
	"os"

	auth "github.com/envoyproxy/go-control-plane/envoy/service/auth/v3"
	"google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/grpc"
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
	case len(os.Args) == 2:
		err = serve(os.Args[1])
	default:
		err = fmt.Errorf("usage: allow ADDRESS | allow -descriptors FILE")
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
	bytes, err := proto.Marshal(set)
	if err != nil {
		return err
	}
	return os.WriteFile(path, bytes, 0o644)
}
