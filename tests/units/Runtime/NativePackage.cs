namespace ColbertOnnx.Tests.Runtime;

/// <summary>ONNX Runtime's libraries for every platform, in the folder of packages that the build has restored.</summary>
internal static class NativePackage
{
    private static readonly string Packages = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
        ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    public static string Library(string platform, string name) =>
        Directory.GetFiles(Path.Combine(Packages, "microsoft.ml.onnxruntime"), name, SearchOption.AllDirectories)
            .First(path => Path.GetFileName(Path.GetDirectoryName(Path.GetDirectoryName(path))) == platform);
}
