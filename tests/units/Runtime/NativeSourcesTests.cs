using System.Diagnostics;
using System.Text.Json;
using System.Xml.Linq;

namespace ColbertOnnx.Tests.Runtime;

/// <summary>
/// src/native/Natives.targets: what each source of native libraries is taken for, and what is refused before anything is fetched.
/// </summary>
public sealed class NativeSourcesTests
{
    private static readonly string Project = Path.Combine(TestData.Repository, "src", "ColbertOnnx.Core", "ColbertOnnx.Core.csproj");

    private static readonly string Program = Path.Combine(TestData.Repository, "src", "ColbertOnnx.Cli", "ColbertOnnx.Cli.csproj");

    private static readonly string AddOn =
        Path.Combine(TestData.Repository, "src", "ColbertOnnx.Parquet", "ColbertOnnx.Parquet.csproj");

    [Theory]
    [InlineData("COLBERT004", "-p:ColbertNatives=conda")]
    [InlineData("COLBERT005", "-p:ColbertNatives=directml")]
    [InlineData("COLBERT006", "-p:ColbertNatives=directml", "-p:ColbertDirectMlVersion=1.24.4")]
    [InlineData("COLBERT002", "-p:ColbertNatives=gpu", "-p:ColbertNativeRids=osx-arm64")]
    [InlineData("COLBERT002", "-p:ColbertNativeRids=linux-x64%3Bplan9-x64")]
    public async Task A_source_that_cannot_serve_is_refused_with_a_reason(string code, params string[] properties)
    {
        (int exit, string text) = await Build(["-t:ChooseColbertNatives", .. properties]);
        Assert.NotEqual(0, exit);
        Assert.Contains($"error {code}: ", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_release_packages_keep_the_providers_of_Windows_and_of_linux_x64()
    {
        (int exit, string text) = await Build(
        [
            "-t:ChooseColbertNatives", "-getItem:ColbertRid", "-p:ColbertNatives=release", "-p:ColbertNativeRids=all",
        ]);
        Assert.True(exit == 0, text);
        Dictionary<string, string> sources = JsonDocument.Parse(text).RootElement.GetProperty("Items").GetProperty("ColbertRid")
            .EnumerateArray()
            .ToDictionary(item => item.GetProperty("Identity").GetString()!, item => item.GetProperty("Source").GetString()!);
        Assert.Equal(
            new() { ["linux-x64"] = "npm", ["linux-arm64"] = "nuget", ["win-x64"] = "npm", ["win-arm64"] = "npm", ["osx-arm64"] = "nuget" },
            sources);
    }

    [Theory]
    [InlineData("linux-x64%3Bwin-x64", "nuget", "linux-x64", "win-x64")]
    [InlineData("all", "nuget", "linux-arm64", "linux-x64", "osx-arm64", "win-arm64", "win-x64")]
    [InlineData("all", "gpu", "linux-x64", "win-x64")]
    public async Task The_add_on_for_Parquet_has_its_library_for_each_platform(string rids, string source, params string[] expected)
    {
        (int exit, string text) = await Build(
        [
            "-t:FindColbertParquet", "-getItem:ColbertAddOnNative", $"-p:ColbertNatives={source}", $"-p:ColbertNativeRids={rids}",
        ], AddOn);
        Assert.True(exit == 0, text);
        Assert.Equal(expected, JsonDocument.Parse(text).RootElement.GetProperty("Items").GetProperty("ColbertAddOnNative").EnumerateArray()
            .Select(item => item.GetProperty("Rid").GetString()!).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_platform_that_ParquetSharp_is_not_made_for_is_named()
    {
        using TemporaryFolder folder = new();
        (int exit, string text) = await Build(
            ["-t:FindColbertParquet", "-p:ColbertNativeRids=win-arm64", $"-p:PkgParquetSharp={folder.Path}"], AddOn);
        Assert.NotEqual(0, exit);
        Assert.Contains("error COLBERT007: ParquetSharp has no native library for win-arm64.", text, StringComparison.Ordinal);
    }

    [Fact]
    public void All_sources_are_of_one_release()
    {
        string release = XDocument.Load(Path.Combine(TestData.Repository, "Directory.Packages.props")).Descendants("OnnxRuntimeVersion")
            .Single().Value;
        using var npm = JsonDocument.Parse(File.ReadAllText(Path.Combine(TestData.Repository, "src", "native", "package.json")));
        Assert.Equal(release, npm.RootElement.GetProperty("dependencies").GetProperty("onnxruntime-node").GetString());
        foreach (string file in (string[])["packages.lock.json", "packages.gpu.lock.json"])
        {
            using var locked = JsonDocument.Parse(File.ReadAllText(Path.Combine(Path.GetDirectoryName(Project)!, file)));
            string[] versions = [.. locked.RootElement.GetProperty("dependencies").GetProperty("net10.0").EnumerateObject()
                .Where(package => package.Name.StartsWith("Microsoft.ML.OnnxRuntime", StringComparison.Ordinal))
                .Select(package => package.Value.GetProperty("resolved").GetString()!)];
            Assert.True(versions.Length > 1, file);
            Assert.All(versions, version => Assert.Equal(release, version));
        }
    }

    [Fact]
    public void The_lock_file_of_another_source_differs_in_the_natives_alone() =>
        Assert.Equal(Locked("packages.lock.json"), Locked("packages.gpu.lock.json"));

    [Theory]
    [InlineData(true, true)]
    [InlineData(false, true, "-p:ColbertNativeRids=all")]
    [InlineData(false, false)]
    public async Task A_program_that_is_published_for_a_platform_asks_its_libraries_for_the_natives_of_that_one(
        bool isPassed, bool isPublished, params string[] properties)
    {
        // Of this machine, for which the SDK has everything; another one goes the same way.
        string rid = System.Runtime.InteropServices.RuntimeInformation.RuntimeIdentifier;
        // In a folder of its own, so that builds beside it go on undisturbed.
        using TemporaryFolder folder = new();
        string[] asked = isPublished ? [$"-p:RuntimeIdentifier={rid}", .. properties] : properties;
        (int exit, string text) = await Build(
        [
            "-restore", "-t:PassNativeRids", "-getItem:ProjectReference", $"-p:ArtifactsPath={folder.Path}", "-p:UseArtifactsOutput=true",
            "-p:UseAppHost=false", "-p:SelfContained=false", .. asked,
        ], Program);
        Assert.True(exit == 0, text);
        JsonElement[] references =
        [
            .. JsonDocument.Parse(text).RootElement.GetProperty("Items").GetProperty("ProjectReference").EnumerateArray(),
        ];
        // Also those that libraries bring along: each of them would be built again for the machine that builds.
        if (isPassed)
            Assert.Equal(
                ["ColbertOnnx.Core", "ColbertOnnx.Tokenizers", "ColbertOnnx.Tools"],
                references.Select(reference => reference.GetProperty("Filename").GetString()).Order(StringComparer.Ordinal));
        Assert.NotEmpty(references);
        Assert.All(
            references,
            reference => Assert.Equal(
                isPassed ? $"ColbertNativeRids={rid}" : "",
                reference.TryGetProperty("AdditionalProperties", out JsonElement value) ? value.GetString() : ""));
    }

    private static string[] Locked(string file)
    {
        using var locked = JsonDocument.Parse(File.ReadAllText(Path.Combine(Path.GetDirectoryName(Project)!, file)));
        return
        [
            .. locked.RootElement.GetProperty("dependencies").GetProperty("net10.0").EnumerateObject()
                .Where(package => package.Name != "Microsoft.ML.OnnxRuntime"
                    && !package.Name.StartsWith("Microsoft.ML.OnnxRuntime.Gpu", StringComparison.Ordinal))
                // A project of ours has neither.
                .Select(package => $"{package.Name} {Of(package.Value, "resolved")} {Of(package.Value, "contentHash")}")
                .Order(StringComparer.Ordinal),
        ];

        static string? Of(JsonElement package, string name) =>
            package.TryGetProperty(name, out JsonElement value) ? value.GetString() : null;
    }

    private static async Task<(int Exit, string Text)> Build(string[] arguments, string? project = null)
    {
        var start = new ProcessStartInfo("dotnet", ["msbuild", project ?? Project, "-nologo", "-v:quiet", .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = ChildProcess.Start(start);
        Task<string> error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, output + await error);
    }
}
