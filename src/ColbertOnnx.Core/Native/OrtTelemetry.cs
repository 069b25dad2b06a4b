namespace ColbertOnnx.Native;

/// <summary>
/// ONNX Runtime's telemetry: a device id and a queue of events in the user's cache, and uploads, from the making of its environment on. To
/// switch it off in an environment that was made is too late; the library reads these variables before, and only the native ones.
/// </summary>
internal static class OrtTelemetry
{
    /// <summary>The name that releases up to 1.31 read, and that of later ones.</summary>
    internal static readonly string[] Variables = ["ORT_DISABLE_TELEMETRY", "ORT_TELEMETRY_DISABLED"];

    /// <summary>
    /// Before the library is loaded. What a user has set stays, also what a script has set in .NET's copy of the environment.
    /// </summary>
    public static void SwitchOff()
    {
        foreach (string variable in Variables) NativeEnvironment.Set(variable, Environment.GetEnvironmentVariable(variable) ?? "1");
    }
}
