using System.Diagnostics;

namespace ColbertOnnx.Tests.Structure;

/// <summary>src/ColbertOnnx/ColbertOnnx.csproj: a build leaves in module/bin what is of it, for a package takes what lies there.</summary>
public sealed class ModuleFolderTests
{
    [Fact]
    public async Task A_build_takes_what_earlier_ones_left_out_of_the_module()
    {
        using TemporaryFolder folder = new();
        string[] built =
        [
            "ColbertOnnx.Core.dll", "ColbertOnnx.Core.pdb", "Google.Protobuf.dll", "Microsoft.Extensions.AI.Abstractions.dll",
            "Microsoft.ML.OnnxRuntime.dll", "Microsoft.ML.Tokenizers.dll", "System.Numerics.Tensors.dll",
            "runtimes/linux-x64/native/libonnxruntime.so",
        ];
        string[] kept = ["parquet/ParquetSharp.dll", "parquet/runtimes/linux-x64/native/ParquetSharpNative.so"];
        string[] left = ["ColbertOnnx.Old.dll", "ColbertOnnx.Old.pdb", "Old.dll", "runtimes/win-x64/native/onnxruntime.dll"];
        foreach (string name in built) folder.With($"built/{name}", name);
        foreach (string name in (string[])["ColbertOnnx.Core.dll", .. kept, .. left]) folder.With($"module/bin/{name}", name);

        string project = Path.Combine(TestData.Repository, "src", "ColbertOnnx", "ColbertOnnx.csproj");
        string[] arguments =
        [
            "msbuild", project, "-nologo", "-v:quiet", "-t:CopyToModule",
            $"-p:RepositoryRoot={folder.Path}/", $"-p:OutDir={folder.Path}/built/",
        ];
        using Process build = ChildProcess.Start(new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true });
        string text = await build.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await build.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(build.ExitCode == 0, text);

        string bin = folder.File("module/bin");
        Assert.Equal(
            built.Concat(kept).Order(StringComparer.Ordinal),
            Directory.EnumerateFiles(bin, "*", SearchOption.AllDirectories)
                .Select(file => Path.GetRelativePath(bin, file).Replace('\\', '/')).Order(StringComparer.Ordinal));
    }
}
