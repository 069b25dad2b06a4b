namespace ColbertOnnx.Tests;

/// <summary>Files of tests/data, wherever the tests were built to.</summary>
internal static class TestData
{
    /// <summary>The folder that holds ColbertPS.sln.</summary>
    public static string Repository { get; } = Find();

    /// <summary>tests/data itself.</summary>
    public static string Root { get; } = System.IO.Path.Combine(Repository, "tests", "data");

    /// <summary>A file or folder there; a model of onnx/ is a whole folder, wherever its files come from.</summary>
    public static string Path(params string[] parts) => parts is ["onnx", var name, .. var rest] && DataFolder.HasCase("onnx", name)
        ? System.IO.Path.Combine([DataFolder.Of("onnx", name), .. rest])
        : System.IO.Path.Combine([Root, .. parts]);

    private static string Find()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "ColbertPS.sln"))) return folder.FullName;
        }

        throw new InvalidOperationException($"'{AppContext.BaseDirectory}' is not below the repository.");
    }
}
