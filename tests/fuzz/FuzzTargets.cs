using System.Security.Cryptography;
using ColbertOnnx.Diagnostics;
using ColbertOnnx.Diagnostics.Parity.References;
using ColbertOnnx.Embeddings;
using ColbertOnnx.Inputs;
using ColbertOnnx.Safetensors;
using ColbertOnnx.Tests;
using ColbertOnnx.Tokenization;
using ParquetSharp;
using Encoding = System.Text.Encoding;

namespace ColbertOnnx.Fuzz;

/// <summary>Every format that the product reads.</summary>
internal static class FuzzTargets
{
    private static readonly string[] Texts =
    [
        "", "The quick brown fox, 1970!", "naïve café — ﬁ ½ 東京 🙂 e\u0301", "[CLS] <mask> [Q] \t\n  " + new string('a', 300),
    ];

    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        new("tokenizer", [.. SmallTokenizers()], JsonMutator.Mutate, ReadTokenizer),
        .. ModelTargets.All,
        new(
            "safetensors", [File.ReadAllBytes(TestData.Path("pylate", "bert-base", "1_Dense", "model.safetensors"))],
            ContainerMutator.Safetensors, ReadSafetensors),
        new("npy", Arrays("*.npy"), ContainerMutator.Npy, (bytes, folder) => ReadEmbeddings(bytes, folder, "x.npy")),
        new("npz", Arrays("*.npz"), ContainerMutator.Npz, (bytes, folder) => ReadEmbeddings(bytes, folder, "x.npz")),
        new(
            "embeddings-safetensors", [Stored("x.safetensors")], ContainerMutator.Safetensors,
            (bytes, folder) => ReadEmbeddings(bytes, folder, "x.safetensors")),
        new("embeddings-jsonl", [Stored("x.jsonl")], JsonMutator.MutateLine, (bytes, folder) => ReadEmbeddings(bytes, folder, "x.jsonl")),
        new(
            "embeddings-parquet", [Stored("x.parquet"), Foreign(embeddings: true)], ContainerMutator.Parquet,
            (bytes, folder) => ReadEmbeddings(bytes, folder, "x.parquet")),
        new("texts-parquet", [Foreign(embeddings: false)], ContainerMutator.Parquet, ReadParquetTexts),
        new(
            "reference-json", [File.ReadAllBytes(TestData.Path("references", "bert-base.json"))], JsonMutator.Mutate,
            (bytes, folder) => ReadReference(bytes, folder, "bert-base.json")),
        new(
            "reference-tensors", [File.ReadAllBytes(TestData.Path("references", "bert-base.safetensors"))], ContainerMutator.Safetensors,
            (bytes, folder) => ReadReference(bytes, folder, "bert-base.safetensors")),
        new("throughput-json", [Corpus("throughput.json")], JsonMutator.Mutate, ReadThroughput),
        new("manifest", [Corpus("manifest.json")], JsonMutator.Mutate, ReadManifest),
        new("text", [Corpus("texts.txt")], ByteMutator.Mutate, (bytes, _) => ReadInput(bytes, InputFormat.Text)),
        new("jsonl", [Corpus("texts.jsonl")], JsonMutator.MutateLine, (bytes, _) => ReadInput(bytes, InputFormat.JsonLines)),
        new("json", [Corpus("texts.json")], JsonMutator.Mutate, (bytes, _) => ReadInput(bytes, InputFormat.Json)),
        new("csv", [Corpus("texts.csv")], ByteMutator.Mutate, (bytes, _) => ReadInput(bytes, InputFormat.Csv)),
        new("tsv", [Corpus("texts.tsv")], ByteMutator.Mutate, (bytes, _) => ReadInput(bytes, InputFormat.Tsv)),
    ];

    private static byte[] Corpus(string name) => File.ReadAllBytes(Path.Combine(TestData.Repository, "tests", "fuzz", "corpus", name));

    private static List<byte[]> Arrays(string pattern) =>
        [.. Directory.EnumerateFiles(TestData.Path("embeddings"), pattern).Order(StringComparer.Ordinal).Select(File.ReadAllBytes)];

    // Of each component one small file, as the recorded cases have it.
    private static IEnumerable<byte[]> SmallTokenizers() => Directory.EnumerateDirectories(TestData.Path("tokenizers"))
        .Select(folder => new FileInfo(Path.Combine(folder, "tokenizer.json")))
        .Where(file => file.Exists && file.Length < 12_000)
        .OrderBy(file => file.FullName, StringComparer.Ordinal)
        .Select(file => File.ReadAllBytes(file.FullName));

    /// <summary>A file as this product writes it.</summary>
    private static byte[] Stored(string name)
    {
        using var folder = new TemporaryFolder();
        ColbertEmbedding[] embeddings =
        [
            .. Enumerable.Range(1, 3)
                .Select(i => new ColbertEmbedding(
                    TextKind.Document, $"text {i}", Enumerable.Range(0, 4 * i).Select(n => n / 8f).ToArray(), 4) { Id = $"d{i}" }),
        ];
        ColbertEmbeddingFile.Write(folder.File(name), embeddings);
        return File.ReadAllBytes(folder.File(name));
    }

    /// <summary>A Parquet file without checksums, so that what is spoiled reaches those who read it.</summary>
    private static byte[] Foreign(bool embeddings)
    {
        using var folder = new TemporaryFolder();
        using var settings = new WriterPropertiesBuilder();
        using WriterProperties properties = settings.Compression(Compression.Uncompressed).Build();
        Column[] columns = embeddings
            ? [new Column<string>("id"), new Column<float[][]>("embedding")]
            : [new Column<string>("id"), new Column<string>("text")];
        using (var writer = new ParquetFileWriter(folder.File("x.parquet"), columns, properties))
        {
            using (RowGroupWriter group = writer.AppendRowGroup())
            {
                using (LogicalColumnWriter<string> ids = group.NextColumn().LogicalWriter<string>())
                    ids.WriteBatch([.. Enumerable.Range(0, 40).Select(i => $"d{i % 7}")]);
                if (embeddings)
                {
                    using LogicalColumnWriter<float[][]> rows = group.NextColumn().LogicalWriter<float[][]>();
                    rows.WriteBatch(
                    [
                        .. Enumerable.Range(0, 40).Select(i => Enumerable.Range(0, i % 4).Select(j => new[] { i, j, 0.5f }).ToArray()),
                    ]);
                }
                else
                {
                    using LogicalColumnWriter<string> texts = group.NextColumn().LogicalWriter<string>();
                    texts.WriteBatch([.. Enumerable.Range(0, 40).Select(i => $"text number {i} of some")]);
                }
            }

            writer.Close();
        }

        return File.ReadAllBytes(folder.File("x.parquet"));
    }

    private static void ReadParquetTexts(byte[] bytes, TemporaryFolder folder)
    {
        File.WriteAllBytes(folder.File("x.parquet"), bytes);
        foreach (InputItem _ in InputReader.ReadFile(folder.File("x.parquet"), new InputOptions()))
        {
        }
    }

    private static void ReadTokenizer(byte[] bytes, TemporaryFolder folder)
    {
        Tokenizer tokenizer = Tokenizer.Parse(bytes, "tokenizer.json");
        var buffer = new TokenBuffer();
        foreach (string text in Texts)
        {
            tokenizer.Encode(text, buffer, new TokenizeOptions { Offsets = true });
            tokenizer.Encode(text, buffer, new TokenizeOptions { MaxLength = 8, AddSpecialTokens = false });
        }
    }

    private static void ReadSafetensors(byte[] bytes, TemporaryFolder folder)
    {
        File.WriteAllBytes(folder.File("x.safetensors"), bytes);
        using SafetensorsFile file = SafetensorsFile.Open(folder.File("x.safetensors"));
        foreach (SafetensorsTensor tensor in file.Tensors.Values)
        {
            if (tensor.Type is SafetensorsType.F32 or SafetensorsType.F16 or SafetensorsType.BF16) file.ReadSingles(tensor.Name);
        }
    }

    private static void ReadEmbeddings(byte[] bytes, TemporaryFolder folder, string name)
    {
        File.WriteAllBytes(folder.File(name), bytes);
        foreach (StoredEmbedding embedding in EmbeddingReader.Read(folder.File(name))) _ = embedding.ToEmbedding().ToString();
    }

    private static void ReadReference(byte[] bytes, TemporaryFolder folder, string name)
    {
        folder.Copy(TestData.Path("references"));
        if (name.EndsWith(".json", StringComparison.Ordinal)) Pair(folder, bytes);
        File.WriteAllBytes(folder.File(name), bytes);
        foreach (ReferenceText text in ReferenceFile.Open(folder.File("bert-base.json")).Read()) _ = text.Rows;
    }

    // The tensors name the hash of their texts: with the old one every mutation would be refused unread.
    private static void Pair(TemporaryFolder folder, byte[] json)
    {
        byte[] tensors = File.ReadAllBytes(folder.File("bert-base.safetensors"));
        int place = tensors.AsSpan().IndexOf(Hash(File.ReadAllBytes(folder.File("bert-base.json"))));
        Hash(json).CopyTo(tensors, place);
        File.WriteAllBytes(folder.File("bert-base.safetensors"), tensors);

        static byte[] Hash(byte[] bytes) => Encoding.ASCII.GetBytes(Convert.ToHexStringLower(SHA256.HashData(bytes)));
    }

    private static void ReadThroughput(byte[] bytes, TemporaryFolder folder)
    {
        File.WriteAllBytes(folder.File("x.json"), bytes);
        _ = ThroughputBaseline.Read(folder.File("x.json"));
    }

    private static void ReadManifest(byte[] bytes, TemporaryFolder folder)
    {
        File.WriteAllBytes(folder.File("x.json"), bytes);
        _ = ManifestReader.IsOne(folder.File("x.json"));
        _ = RunManifest.Read(folder.File("x.json"));
    }

    private static void ReadInput(byte[] bytes, InputFormat format)
    {
        int failed = 0;
        ColbertException? first = null;
        foreach (InputItem item in InputReader.Read(new MemoryStream(bytes), "x", new InputOptions { Format = format }))
        {
            if (item.Error is null) continue;
            failed++;
            first ??= item.Error;
        }

        if (first is not null) throw first;
    }
}
