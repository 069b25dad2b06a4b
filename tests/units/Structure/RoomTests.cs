using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using ArchUnitNET.Domain;
using ArchUnitNET.Domain.Extensions;
using ArchUnitNET.Loader;
using ColbertOnnx.Parquet;
using Assembly = System.Reflection.Assembly;

namespace ColbertOnnx.Tests.Structure;

/// <summary>
/// The rooms of the libraries, which are their namespaces and folders: each uses those above it in the list and none below.
/// </summary>
public sealed partial class RoomTests
{
    private const string Root = "ColbertOnnx", Facade = "the facade";

    /// <summary>From the ground up. docs/architecture.md says what each holds.</summary>
    private static readonly string[] Rooms =
    [
        Root, "Native", "IO", "Text", "Tokenization", "Onnx", "Modeling", "Pipeline", "Runtime", "Hub", "Inputs", "Safetensors",
        "Embeddings", "Parquet", "Quantization", "Export", "Scoring", Facade, "Diagnostics",
    ];

    // What people call; the other types of the root are what it takes and gives.
    private static readonly HashSet<string> FacadeTypes = new(StringComparer.Ordinal)
    {
        nameof(ColbertModel), nameof(ColbertEncodeStream), nameof(ColbertTokenizer), nameof(ColbertScorer), nameof(ColbertEmbeddingWriter),
        nameof(ColbertRun), nameof(ColbertMerge), nameof(ColbertRunOptions), nameof(ColbertEmbeddingGenerator), nameof(ColbertHub),
        nameof(ColbertExporter), nameof(ColbertEmbeddingFile), nameof(ColbertRuntime), nameof(ColbertRanking), nameof(ColbertSimilarity),
        nameof(MaxSim),
    };

    private static readonly Assembly[] Assemblies =
    [
        typeof(ColbertException).Assembly, typeof(ColbertModel).Assembly, typeof(ParquetFormat).Assembly, typeof(ColbertExporter).Assembly,
    ];

    private static readonly Architecture Libraries = new ArchLoader().LoadAssemblies(Assemblies).Build();

    public static TheoryData<string> Names => [.. Rooms];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_room_uses_only_rooms_above_it_in_the_list(string room)
    {
        int own = Array.IndexOf(Rooms, room);
        string[] wrong =
        [
            .. Libraries.Types.Where(type => RoomOf(type) == room)
                .SelectMany(type => type.GetTypeDependencies().Where(other => RoomOf(other) is { } used && Array.IndexOf(Rooms, used) > own)
                .Select(other => $"{type.FullName} uses {other.FullName}")).Distinct(StringComparer.Ordinal),
        ];
        Assert.True(wrong.Length == 0, string.Join("\n", wrong));
    }

    [Fact]
    public void Every_room_stands_in_the_list() =>
        Assert.Empty(Libraries.Types.Select(RoomOf).OfType<string>().Distinct(StringComparer.Ordinal)
            .Except(Rooms, StringComparer.Ordinal));

    [Fact]
    public void The_faces_use_the_libraries_by_their_public_API()
    {
        string[] friends =
        [
            "ColbertOnnx.Core", "ColbertOnnx.Parquet", "ColbertOnnx.Tools", "ColbertOnnx.Tests", "ColbertOnnx.CmdletTests",
            "ColbertOnnx.Benchmarks", "ColbertOnnx.Fuzz",
        ];
        Assert.All(
            Assemblies,
            library => Assert.Empty(library.GetCustomAttributes<InternalsVisibleToAttribute>().Select(friend => friend.AssemblyName)
                .Except(friends, StringComparer.Ordinal)));
    }

    [Theory]
    [InlineData("ColbertOnnx.Tokenizers")]
    [InlineData("ColbertOnnx.Core")]
    [InlineData("ColbertOnnx.Tools")]
    [InlineData("ColbertOnnx.Parquet")]
    public void A_file_lies_in_the_folder_of_its_namespace(string project)
    {
        string source = Path.Combine(TestData.Repository, "src", project);
        string[] wrong =
        [
            .. Directory.EnumerateFiles(source, "*.cs", SearchOption.AllDirectories)
                .Select(path => Path.GetRelativePath(source, path).Replace('\\', '/'))
                .Where(path => !path.StartsWith("obj/", StringComparison.Ordinal) && !path.StartsWith("bin/", StringComparison.Ordinal))
                .Where(path => Namespace().Match(File.ReadAllText(Path.Combine(source, path))).Groups[1].Value is var found
                    && found != string.Join('.', path.Split('/')[..^1].Prepend(Root))),
        ];
        Assert.True(wrong.Length == 0, string.Join("\n", wrong));
    }

    [Fact]
    public void The_tests_of_a_type_lie_in_the_folder_of_its_room()
    {
        Dictionary<string, string> rooms = new(StringComparer.Ordinal);
        foreach (IType type in Libraries.Types)
            if (RoomOf(type) is { } room and not (Root or Facade) && !type.FullName.Contains('+'))
                rooms.TryAdd(type.Name + "Tests.cs", room);
        string tests = Path.Combine(TestData.Repository, "tests", "units");
        string[] wrong =
        [
            .. Directory.EnumerateFiles(tests, "*Tests.cs", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(tests, path))
                .Where(path =>
                    rooms.TryGetValue(Path.GetFileName(path), out string? room) && path.Split(Path.DirectorySeparatorChar)[0] != room),
        ];
        Assert.True(wrong.Length == 0, string.Join("\n", wrong));
    }

    // Of a nested type the room of the outermost; none for what the compiler and protobuf write.
    private static string? RoomOf(IType type)
    {
        string name = type.FullName.Split('+', '/', '<')[0];
        if (!name.StartsWith(Root + ".", StringComparison.Ordinal)) return null;
        string[] parts = name[(Root.Length + 1)..].Split('.');
        return parts.Length > 1 ? parts[0] : FacadeTypes.Contains(parts[0].Split('`')[0]) ? Facade : Root;
    }

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Namespace();
}
