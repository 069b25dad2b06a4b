namespace ColbertOnnx;

/// <summary>
/// How near token vectors must be to the reference's where a caller asks for nothing else: of FP32, and where the reference
/// or the candidate is INT8.
/// </summary>
internal static class CosineThresholds
{
    public static double Smallest(bool isQuantized) => isQuantized ? 0.95 : 0.9999;

    public static double Mean(bool isQuantized) => isQuantized ? 0.99 : 0.9999;
}
