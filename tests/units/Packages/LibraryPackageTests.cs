using System.Globalization;
using System.IO.Compression;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using ColbertOnnx.Tests.Documents;
using Microsoft.ML.OnnxRuntime;

namespace ColbertOnnx.Tests.Packages;

/// <summary>The packages of the libraries, as people who install them meet them.</summary>
public sealed partial class LibraryPackageTests(LibraryPackages packages) : IClassFixture<LibraryPackages>
{
    private const string Core = "ColbertOnnx.Core", Tokenizers = "ColbertOnnx.Tokenizers", Tools = "ColbertOnnx.Tools",
        Parquet = "ColbertOnnx.Parquet", Model = "models/minilm-l6-colbert-96/";

    private const StringComparison Exact = StringComparison.Ordinal;

    private static readonly (string, string) Natives =
        ("Microsoft.ML.OnnxRuntime", typeof(InferenceSession).Assembly.GetName().Version!.ToString(3));

    [Theory]
    [InlineData(Tokenizers, "Microsoft.ML.Tokenizers")]
    [InlineData(Core, "ColbertOnnx.Tokenizers Google.Protobuf Microsoft.Extensions.AI.Abstractions Microsoft.ML.OnnxRuntime.Managed")]
    [InlineData(Tools, "ColbertOnnx.Core")]
    [InlineData(Parquet, "ColbertOnnx.Core Apache.Arrow ParquetSharp")]
    public void A_package_holds_what_belongs_in_and_says_what_it_needs(string name, string needs)
    {
        string[] own = ["LICENSE", "README.md", $"lib/net10.0/{name}.dll", $"lib/net10.0/{name}.xml"];
        string[] model = ["LICENSE", "README.md", "model_int8.onnx", "onnx_config.json", "tokenizer.json"];
        string[] more = name == Core ? ["buildTransitive/ColbertOnnx.Core.targets", .. model.Select(file => Model + file)] : [];
        Assert.Equal(own.Concat(more).Order(StringComparer.Ordinal), Names(packages.File(name)));
        Assert.Equal([$"lib/net10.0/{name}.pdb"], Names(packages.File(name, "snupkg")));

        XElement metadata = Specification(packages.File(name));
        XElement[] dependencies = [.. Children(metadata, "dependency")];
        Assert.Equal(needs.Split(' '), dependencies.Select(package => package.Attribute("id")!.Value));
        Assert.All(
            dependencies.Where(package => package.Attribute("id")!.Value.StartsWith("ColbertOnnx.", StringComparison.Ordinal)),
            package => Assert.Equal(packages.Version, package.Attribute("version")!.Value));
        Assert.Equal(["MIT", "README.md"], new[] { "license", "readme" }.Select(element => Children(metadata, element).Single().Value));
        foreach (string element in new[] { "authors", "description", "tags" }) Assert.NotEmpty(Children(metadata, element).Single().Value);
    }

    [Fact]
    public async Task A_package_has_the_same_bytes_whenever_it_is_made()
    {
        string again = packages.NewFolder("again");
        await packages.Pack(Tokenizers, again);
        foreach (string file in new[] { packages.File(Tokenizers), packages.File(Tokenizers, "snupkg") })
            Assert.Equal(File.ReadAllBytes(file), File.ReadAllBytes(Path.Combine(again, Path.GetFileName(file))));
    }

    [Fact]
    public async Task The_samples_of_the_encoder_run_with_ONNX_Runtime_s_own_package()
    {
        const string Page = "src/ColbertOnnx.Core/README.md";
        string program = Pages.Code(Page, "csharp").Single() + "\nif (args.Length > 0) await Readme.Run(args, args);\n";
        string sample = Pages.Code("README.md", "csharp").Single();
        ConsoleProject project = new ConsoleProject(packages, "encoder", program, (Core, packages.Version), Natives).With("Readme.cs", $$"""
            using ColbertOnnx;
            internal static class Readme
            {
                public static async Task Run(string[] texts, string[] corpus)
                {
            {{sample.Replace("\"models/my-model\"", $"@\"{TestData.Path("onnx", "bert-base")}\"", StringComparison.Ordinal)}}
                }
            }
            """);
        string expected = Pages.Code(Page, "text").Single();
        await project.Build();
        AssertNear(expected, await project.Run(project.Output));
        string[] ranked = (await project.Run(project.Output, "late interaction compares tokens", "bread rises")).Split('\n');
        Assert.Equal(["1 ", "2 "], ranked[expected.Split('\n').Length..].Select(line => line[..2]));

        // The natives lie beside such a program, not in a folder of their platform.
        await project.PublishOneFile();
        Assert.Empty(Directory.EnumerateFiles(project.Published, "ColbertOnnx.*.dll"));
        Assert.False(Directory.Exists(Path.Combine(project.Published, "runtimes")));
        AssertNear(expected, await project.Run(project.Published));
    }

    [Fact]
    public async Task Without_natives_and_without_the_model_the_errors_say_what_to_add()
    {
        const string Program = """
            using ColbertOnnx;
            Action[] uses =
            [
                () => ColbertModel.Load(), () => ColbertRuntime.GetExecutionProviders(), () => ColbertEmbeddingFile.Write("x.parquet", []),
            ];
            foreach (Action use in uses)
            {
                try { use(); }
                catch (ColbertException e) { Console.WriteLine($"{e.Id}: {e.Action}"); }
            }
            """;
        var project = new ConsoleProject(packages, "bare", Program, (Core, packages.Version));
        await project.Build("-p:ColbertEmbeddedModel=false");
        Assert.Collection((await project.Run(project.Output)).Split('\n'),
            line => Assert.StartsWith("ModelNotFound: ", line, Exact),
            line => Assert.StartsWith("NativeLibraryNotFound: In a C# project: dotnet add package Microsoft.ML.OnnxRuntime.", line, Exact),
            line => Assert.EndsWith("In a C# project: dotnet add package ColbertOnnx.Parquet.", line, Exact));
    }

    [Fact]
    public async Task The_sample_of_the_tokenizer_runs_with_that_package_alone()
    {
        const string Page = "src/ColbertOnnx.Tokenizers/README.md";
        var project = new ConsoleProject(packages, "tokenizer", Pages.Code(Page, "csharp").Single(), (Tokenizers, packages.Version));
        project.With("tokenizer.json", File.ReadAllText(Path.Combine(TestData.Repository, "module", Model, "tokenizer.json")));
        await project.Build();
        Assert.Equal(Pages.Code(Page, "text").Single(), await project.Run(project.Output));
        Assert.Empty(Directory.EnumerateFiles(project.Output, "*OnnxRuntime*"));
    }

    [Fact]
    public async Task The_samples_of_the_tools_and_of_Parquet_run_with_their_packages()
    {
        const string Page = "src/ColbertOnnx.Tools/README.md", ParquetPage = "src/ColbertOnnx.Parquet/README.md";
        string program = Pages.Code(Page, "csharp").Single() + "\nParquetSample.Run();\n";
        program = program.Replace("\"checkpoint\"", $"@\"{CheckpointFolder.Of("bert-base")}\"", StringComparison.Ordinal);
        string sample = Pages.Code(ParquetPage, "csharp").Single().Replace("using ColbertOnnx;", "", StringComparison.Ordinal);
        var project = new ConsoleProject(packages, "tools", program, (Tools, packages.Version), (Parquet, packages.Version), Natives);
        project.With("ParquetSample.cs", $$"""
            using ColbertOnnx;
            internal static class ParquetSample
            {
                public static void Run()
                {
            {{sample}}
                }
            }
            """);
        await project.Build();
        // The checkpoint of the tests has a small dimension.
        string expected = Pages.Code(Page, "text").Single().Replace("x 128", "x 16", StringComparison.Ordinal) + "\n"
            + Pages.Code(ParquetPage, "text").Single();
        Assert.Equal(expected, await project.Run(project.Output));
    }

    // Without what every package has by the rules of packages.
    private static IEnumerable<string> Names(string package)
    {
        using ZipArchive zip = ZipFile.OpenRead(package);
        return [.. zip.Entries.Select(entry => entry.FullName).Where(name => !Ruled().IsMatch(name)).Order(StringComparer.Ordinal)];
    }

    private static XElement Specification(string package)
    {
        using ZipArchive zip = ZipFile.OpenRead(package);
        using Stream stream = zip.Entries.Single(entry => entry.FullName.EndsWith(".nuspec", StringComparison.Ordinal)).Open();
        return XDocument.Load(stream).Root!;
    }

    private static IEnumerable<XElement> Children(XElement root, string name) =>
        root.Descendants().Where(element => element.Name.LocalName == name);

    [GeneratedRegex(@"^(_rels/.*|package/.*|\[Content_Types\]\.xml|[^/]*\.nuspec)$")]
    private static partial Regex Ruled();

    // The last digit of a score differs by CPU.
    private static void AssertNear(string expected, string printed)
    {
        Assert.Equal(Score().Replace(expected, "#"), Score().Replace(printed, "#"));
        foreach ((Match shown, Match now) in Score().Matches(expected).Zip(Score().Matches(printed)))
            Assert.Equal(
                double.Parse(shown.Value, CultureInfo.InvariantCulture), double.Parse(now.Value, CultureInfo.InvariantCulture), 0.11);
    }

    [GeneratedRegex(@"(?<=\()\d\.\d(?=\))")]
    private static partial Regex Score();
}
