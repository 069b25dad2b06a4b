namespace ColbertOnnx.Tests;

/// <summary>Files of tests/data, wherever the tests were built to.</summary>
internal static class TestData
{
    /// <summary>The folder that holds ColbertPS.sln.</summary>
    public static string Repository { get; } = Find();

    public static string Path(params string[] parts) => System.IO.Path.Combine([Repository, "tests", "data", .. parts]);

    private static string Find()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "ColbertPS.sln"))) return folder.FullName;
        }

        throw new InvalidOperationException($"'{AppContext.BaseDirectory}' is not below the repository.");
    }
}
