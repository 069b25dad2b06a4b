using System.Diagnostics;

namespace ColbertOnnx.Tests.Packages;

/// <summary>The libraries as NuGet packages in a folder, packed from this build.</summary>
public sealed class LibraryPackages : IAsyncLifetime
{
    private readonly TemporaryFolder folder = new();

    /// <summary>One that no cache of packages can have.</summary>
    public string Version { get; } = $"0.0.1-test-{Guid.NewGuid():N}";

    /// <summary>The source that holds them.</summary>
    public string Feed => folder.File("feed");

    /// <summary>A package, or its symbols.</summary>
    public string File(string name, string extension = "nupkg") => Path.Combine(Feed, $"{name}.{Version}.{extension}");

    /// <summary>For a project that uses them.</summary>
    public string NewFolder(string name) => Directory.CreateDirectory(folder.File(name)).FullName;

    public async ValueTask InitializeAsync()
    {
        await Pack("ColbertOnnx.Tokenizers", Feed);
        await Pack("ColbertOnnx.Core", Feed);
        await Pack("ColbertOnnx.Tools", Feed);
        await Pack("ColbertOnnx.Parquet", Feed);
    }

    /// <summary>Makes a package and its symbols from what is built.</summary>
    public Task Pack(string name, string destination)
    {
        string project = Path.Combine(TestData.Repository, "src", name);
        string configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        string[] properties = [$"-p:PackageVersion={Version}", $"-p:NuspecOutputPath={folder.File("specifications")}"];
        return Run("dotnet", folder.Path, ["pack", project, "-c", configuration, "--no-build", "-o", destination, .. properties]);
    }

    public ValueTask DisposeAsync()
    {
        folder.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Runs a program to the end; gives what it printed. Nothing that it starts stays behind.</summary>
    internal async Task<string> Run(string program, string place, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = place,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["NUGET_PACKAGES"] = folder.File("packages"),
                ["MSBUILDDISABLENODEREUSE"] = "1",
                ["UseSharedCompilation"] = "false",
                // Ours were asked by the build; those of a program of ten lines have nothing to find.
                ["RunAnalyzers"] = "false",
                ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
                ["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = "1",
            },
        };
        using Process child = ChildProcess.Start(start);
        Task<string> errors = child.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string output = await child.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await child.WaitForExitAsync(TestContext.Current.CancellationToken);
        string call = $"{program} {string.Join(' ', start.ArgumentList)}";
        Assert.True(child.ExitCode == 0, $"{call} ended with {child.ExitCode}.\n{output}\n{await errors}");
        return output.ReplaceLineEndings("\n").TrimEnd();
    }
}
