namespace ColbertOnnx.Native;

/// <summary>The codes of OrtStatus that are distinguished here.</summary>
internal enum OrtErrorCode
{
    Fail = 1,
    NoSuchFile = 3,
    InvalidProtobuf = 7,
}
