namespace ColbertOnnx.Native;

/// <summary>
/// Places of functions in ONNX Runtime's table OrtApi: those that Microsoft.ML.OnnxRuntime does not name, and what they need. The table
/// only grows at its end, so a place holds for this and every later release; a test compares each with the header of the pinned one.
/// </summary>
internal enum OrtFunction
{
    CreateStatus = 0,
    GetErrorCode = 1,
    GetErrorMessage = 2,
    CreateCustomOpDomain = 26,
    CustomOpDomain_Add = 27,
    AddCustomOpDomain = 28,
    GetTensorMutableData = 51,
    GetDimensionsCount = 61,
    GetDimensions = 62,
    GetTensorTypeAndShape = 65,
    KernelInfoGetAttribute_float = 85,
    KernelInfoGetAttribute_int64 = 86,
    KernelContext_GetInput = 90,
    KernelContext_GetOutput = 91,
    ReleaseStatus = 93,
    ReleaseTensorTypeAndShapeInfo = 99,
    GetBuildInfoString = 254,
    KernelContext_ParallelFor = 274,
    Session_GetEpGraphAssignmentInfo = 407,
    EpAssignedSubgraph_GetEpName = 408,
    EpAssignedSubgraph_GetNodes = 409,
    EpAssignedNode_GetOperatorType = 412,
}
