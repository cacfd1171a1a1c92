package dev.postern.serve;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** An image of one small layer, as an OCI layout. */
final class OciImage {

    private OciImage() {}

    /** Writes it to this directory, which is made. */
    static Path writeTo(Path image) throws IOException {
        Path blobs = Files.createDirectories(image.resolve("blobs/sha256"));
        byte[] layer = new byte[1024];
        String config =
                "{\"architecture\":\"amd64\",\"os\":\"linux\",\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[\"sha256:"
                        + digest(layer) + "\"]}}";
        String manifest =
                """
                {"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json",\
                "config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"sha256:%s","size":%d},\
                "layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar","digest":"sha256:%s","size":1024}]}""".formatted(digest(config.getBytes(StandardCharsets.UTF_8)), config.length(), digest(layer));
        Files.write(blobs.resolve(digest(layer)), layer);
        Files.writeString(blobs.resolve(digest(config.getBytes(StandardCharsets.UTF_8))), config);
        Files.writeString(blobs.resolve(digest(manifest.getBytes(StandardCharsets.UTF_8))), manifest);
        Files.writeString(image.resolve("oci-layout"), "{\"imageLayoutVersion\":\"1.0.0\"}");
        Files.writeString(image.resolve("index.json"), """
                {"schemaVersion":2,"manifests":[{"mediaType":"application/vnd.oci.image.manifest.v1+json",\
                "digest":"sha256:%s","size":%d}]}""".formatted(
                        digest(manifest.getBytes(StandardCharsets.UTF_8)), manifest.length()));
        return image;
    }

    private static String digest(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has it", e);
        }
    }
}
