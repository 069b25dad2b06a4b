namespace ColbertOnnx.Native;

/// <summary>The codes of OrtStatus that are told apart here.</summary>
internal enum OrtErrorCode
{
    Fail = 1,
    NoSuchFile = 3,
    InvalidProtobuf = 7,
}
