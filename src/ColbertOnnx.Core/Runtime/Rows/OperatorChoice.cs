using ColbertOnnx.IO;

namespace ColbertOnnx.Runtime.Rows;

/// <summary>
/// Whether graphs get operators of ours when they are opened. A user may leave them to ONNX Runtime's alone, to find the origin of a fault.
/// </summary>
internal static class OperatorChoice
{
    public const string Variable = "COLBERT_OPERATORS";

    /// <exception cref="ColbertException"><see cref="ColbertErrorId.InputInvalid"/>: the variable says neither.</exception>
    public static bool IsOn => Read(Environment.GetEnvironmentVariable(Variable));

    internal static bool Read(string? value)
    {
        if (string.IsNullOrEmpty(value) || string.Equals(value, "on", StringComparison.OrdinalIgnoreCase)) return true;
        if (UserCache.IsOff(value)) return false;
        throw new ColbertException(
            ColbertErrorId.InputInvalid, $"{Variable} is '{value}', which is neither 'on' nor 'off'.", value,
            $"Set {Variable} to 'off', or not at all.");
    }
}
