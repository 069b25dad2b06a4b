using System.Reflection;
using System.Text.RegularExpressions;
using ColbertOnnx.Parquet;
using PublicApiGenerator;

namespace ColbertOnnx.Tests.Structure;

/// <summary>What the libraries promise stands in tests/data/api, so that a change of it is seen in review.</summary>
public sealed partial class PublicApiTests
{
    /// <summary>With 1 the test writes the files anew.</summary>
    private const string Record = "COLBERT_TEST_RECORD_API";

    private static readonly Assembly[] Libraries =
    [
        typeof(ColbertException).Assembly, typeof(ColbertModel).Assembly, typeof(ColbertExporter).Assembly, typeof(ParquetFormat).Assembly,
    ];

    public static TheoryData<string> Names => [.. Libraries.Select(library => library.GetName().Name!)];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_public_API_is_the_one_that_is_written_down(string name)
    {
        string api = Libraries.Single(library => library.GetName().Name == name)
            .GeneratePublicApi(new ApiGeneratorOptions { IncludeAssemblyAttributes = false }).ReplaceLineEndings("\n").TrimEnd() + "\n";
        string file = TestData.Path("api", $"{name}.txt");
        if (Environment.GetEnvironmentVariable(Record) == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, api);
        }

        string written = File.ReadAllText(file).ReplaceLineEndings("\n");
        string changes = string.Join('\n', Left(written, api, "- ").Concat(Left(api, written, "+ ")));
        Assert.True(changes.Length == 0, $"{name} (where that is meant: {Record}=1 writes {file})\n{changes}");
        Assert.Equal(written, api);
    }

    // Lines that the other lacks, each with the type that it stands in.
    private static IEnumerable<string> Left(string text, string other, string mark)
    {
        Dictionary<string, int> counts = Lines(other).CountBy(line => line).ToDictionary();
        foreach (string line in Lines(text))
        {
            if (counts.TryGetValue(line, out int count) && count > 0) counts[line] = count - 1;
            else yield return mark + line;
        }
    }

    private static IEnumerable<string> Lines(string text)
    {
        string type = "";
        foreach (string line in text.Split('\n'))
        {
            if (Declaration().Match(line) is { Success: true } found) type = found.Groups["name"].Value;
            yield return $"{type}: {line.Trim()}";
        }
    }

    [GeneratedRegex(@"^ *public .*\b(class|struct|enum|interface|record|delegate) (?<name>\w+)")]
    private static partial Regex Declaration();
}
