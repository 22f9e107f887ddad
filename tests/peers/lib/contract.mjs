/**
 * The two contracts as clients know them: the whole one, generated from `proto/infer.proto`, and the original one of two fields,
 * written here by hand as somebody would who has never heard of us. And what a status carries.
 */
import { create, createFileRegistry } from "@bufbuild/protobuf";
import { BinaryReader } from "@bufbuild/protobuf/wire";
import { FieldDescriptorProto_Label, FieldDescriptorProto_Type, FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";

export * from "../../../clients/ts/packages/client/dist/gen/infer_pb.js";

const text = (name) => ({ name, number: 1, type: FieldDescriptorProto_Type.STRING, label: FieldDescriptorProto_Label.OPTIONAL });

/** service Infer { rpc Stream(StreamRequest) returns (stream InferReply); }, one string each. */
export const TwoFields = createFileRegistry(
  create(FileDescriptorSetSchema, {
    file: [
      {
        name: "two_fields.proto",
        package: "infer",
        syntax: "proto3",
        messageType: [
          { name: "StreamRequest", field: [text("prompt")] },
          { name: "InferReply", field: [text("delta")] },
        ],
        service: [
          { name: "Infer", method: [{ name: "Stream", inputType: ".infer.StreamRequest", outputType: ".infer.InferReply", serverStreaming: true }] },
        ],
      },
    ],
  }),
).getService("infer.Infer");

/** The `reason` of google.rpc.ErrorInfo among the details of a status. */
export function reasonOf(details) {
  const info = details.find(({ type }) => type === "google.rpc.ErrorInfo");
  return info && firstField(info.value);
}

/** google.rpc.Status { code = 1; message = 2; repeated Any details = 3 }, as gRPC puts it into `grpc-status-details-bin`. */
export function detailsOf(bytes) {
  const reader = new BinaryReader(bytes);
  const details = [];
  while (reader.pos < reader.len) {
    const [field, type] = reader.tag();
    if (field === 3) details.push(any(reader.bytes()));
    else reader.skip(type);
  }
  return details;
}

function any(bytes) {
  const reader = new BinaryReader(bytes);
  const found = { type: "", value: new Uint8Array() };
  while (reader.pos < reader.len) {
    const [field, type] = reader.tag();
    if (field === 1) found.type = reader.string().split("/").at(-1);
    else if (field === 2) found.value = reader.bytes();
    else reader.skip(type);
  }
  return found;
}

function firstField(bytes) {
  const reader = new BinaryReader(bytes);
  while (reader.pos < reader.len) {
    const [field, type] = reader.tag();
    if (field === 1) return reader.string();
    reader.skip(type);
  }
  return undefined;
}
