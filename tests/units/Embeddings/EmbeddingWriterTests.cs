using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using ColbertOnnx.Embeddings;
using ColbertOnnx.IO;

namespace ColbertOnnx.Tests.Embeddings;

public sealed class EmbeddingWriterTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("out.npz")]
    [InlineData("out.safetensors")]
    [InlineData("out.jsonl")]
    [InlineData("folder")]
    public void A_process_that_is_ended_in_the_middle_can_take_its_incomplete_files_away(string name)
    {
        using var folder = new TemporaryFolder();
        using IEmbeddingWriter writer = EmbeddingWriter.Open(folder.File(name), new EmbeddingWriterOptions { Kind = TextKind.Document });
        writer.Write(new ColbertEmbedding(TextKind.Document, "text", new float[] { 1, 0 }, 2));
        Assert.NotEmpty(Directory.EnumerateFileSystemEntries(folder.Path));
        StagingName.DeleteAll(folder.Path);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [Fact]
    public void A_folder_gets_an_npy_file_for_each_text()
    {
        using var folder = new TemporaryFolder();
        string target = folder.File("deep/er/out");
        Write(target, [Embedding(3, 4), Embedding(0, 4), Embedding(2, 4, TextKind.Query)]);
        Assert.Equal(["doc_000000.npy", "doc_000001.npy", "doc_texts.jsonl", "query_000000.npy", "query_texts.jsonl"], Names(target));
        AssertNpy(File.ReadAllBytes(Path.Combine(target, "doc_000000.npy")), Embedding(3, 4));
        AssertNpy(File.ReadAllBytes(Path.Combine(target, "doc_000001.npy")), Embedding(0, 4));
        Assert.Equal(["er"], Names(folder.File("deep")));
        Assert.Equal(["out"], Names(folder.File("deep/er")));
    }

    [Fact]
    public void The_header_is_the_one_that_numpy_writes()
    {
        // numpy.save of an array of 180 x 96 float32, as numpy 1.26 writes it.
        byte[] expected =
        [
            0x93, .. "NUMPY"u8, 1, 0, 118, 0,
            .. Encoding.ASCII.GetBytes("{'descr': '<f4', 'fortran_order': False, 'shape': (180, 96), }".PadRight(117) + "\n"),
        ];
        Assert.Equal(expected, NpyFormat.Header("<f4", 180, 96));
        foreach (int rows in (int[])[0, 1, 99_999, 2_000_000_000]) Assert.Equal(0, NpyFormat.Header("<f4", rows, 128).Length % 64);
    }

    [Fact]
    public void A_text_that_failed_leaves_its_number_free()
    {
        using var folder = new TemporaryFolder();
        foreach (string name in (string[])["out", "out.npz"])
        {
            using IEmbeddingWriter writer = EmbeddingWriter.Open(folder.File(name));
            writer.Write(Embedding(1, 2));
            writer.Skip(TextKind.Document);
            writer.Write(Embedding(1, 2));
            writer.Complete();
        }

        Assert.Equal(["doc_000000.npy", "doc_000002.npy", "doc_texts.jsonl"], Names(folder.File("out")));
        using ZipArchive zip = ZipFile.OpenRead(folder.File("out.npz"));
        Assert.Equal(["doc_000000.npy", "doc_000002.npy", "texts.npy"], zip.Entries.Select(e => e.FullName));
    }

    [Fact]
    public void An_npz_holds_stored_npy_files_and_is_the_same_every_time()
    {
        using var folder = new TemporaryFolder();
        ColbertEmbedding[] embeddings =
        [
            .. Enumerable.Range(0, 50).Select(i => Embedding(i, 5, i % 2 == 0 ? TextKind.Document : TextKind.Query)),
        ];
        Write(folder.File("a.npz"), embeddings);
        Write(folder.File("b.npz"), embeddings);
        Assert.Equal(File.ReadAllBytes(folder.File("a.npz")), File.ReadAllBytes(folder.File("b.npz")));
        using ZipArchive zip = ZipFile.OpenRead(folder.File("a.npz"));
        Assert.Equal(51, zip.Entries.Count);
        for (int i = 0; i < 50; i++)
        {
            ZipArchiveEntry entry = zip.GetEntry((i % 2 == 0 ? "doc_" : "query_") + (i / 2).ToString("D6") + ".npy")!;
            Assert.Equal(entry.Length, entry.CompressedLength);
            using var bytes = new MemoryStream();
            using (Stream data = entry.Open()) data.CopyTo(bytes);
            AssertNpy(bytes.ToArray(), embeddings[i]);
        }
    }

    [Fact]
    public void Python_reads_the_npz()
    {
        using var folder = new TemporaryFolder();
        ColbertEmbedding embedding = Embedding(7, 3);
        Write(folder.File("out.npz"), [embedding]);
        const string Script = """
            import sys, zipfile, ast, struct
            try:
                import numpy
                a = numpy.load(sys.argv[1])['doc_000000']
                print('numpy', numpy.__version__, a.dtype, a.shape, *('%.9g' % v for v in a.ravel()), sep=' ')
            except ImportError:
                d = zipfile.ZipFile(sys.argv[1]).read('doc_000000.npy')
                n = struct.unpack('<H', d[8:10])[0]
                h = ast.literal_eval(d[10:10 + n].decode())
                print('zipfile', sys.version.split()[0], h['descr'], h['shape'], *('%.9g' % v[0] for v in struct.iter_unpack('<f', d[10 + n:])), sep=' ')
            """;
        Process python;
        try
        {
            python = ChildProcess.Start(new ProcessStartInfo("python3", ["-c", Script, folder.File("out.npz")])
            {
                RedirectStandardOutput = true,
            });
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("There is no python3 here.");
            return;
        }

        using Process started = python;
        string answer = python.StandardOutput.ReadToEnd();
        python.WaitForExit();
        output.WriteLine(answer.StartsWith("numpy", StringComparison.Ordinal)
            ? "read by numpy"
            : "read by Python's zipfile and struct: numpy is not installed");
        Assert.Contains("(7, 3)", answer);
        Assert.EndsWith(
            string.Join(' ', embedding.Values.ToArray().Select(v => v.ToString("G9", CultureInfo.InvariantCulture).ToLowerInvariant())),
            answer.TrimEnd());
    }

    [Fact]
    public void A_line_of_json_has_the_documented_fields_and_the_same_numbers()
    {
        using var stream = new MemoryStream();
        float[] values = [0.1f, -1f / 3, 1e-10f, float.Epsilon, 3.4028235e38f, -0f];
        using (var writer = new JsonLinesWriter(stream))
        {
            writer.Write(new ColbertEmbedding(TextKind.Document, "Ünïcode 😀 \"<b>\"\n", values, 3) { Id = "d1", IsTruncated = true });
            writer.Write(new ColbertEmbedding(TextKind.Query, "q", values, 3) { TokenIds = [5, 6], TokenOffsets = [(0, 0), (0, 1)] });
            writer.Complete();
        }

        string[] lines = Encoding.UTF8.GetString(stream.ToArray()).Split('\n');
        Assert.Equal("", lines[2]);
        Assert.StartsWith("""{"id":"d1","text":"Ünïcode """, lines[0]);
        JsonElement first = JsonDocument.Parse(lines[0]).RootElement, second = JsonDocument.Parse(lines[1]).RootElement;
        Assert.Equal(["id", "text", "kind", "tokens", "dimension", "truncated", "embedding"], first.EnumerateObject().Select(p => p.Name));
        Assert.Equal("Ünïcode 😀 \"<b>\"\n", first.GetProperty("text").GetString());
        Assert.Equal("document", first.GetProperty("kind").GetString());
        Assert.Equal(2, first.GetProperty("tokens").GetInt32());
        Assert.Equal(3, first.GetProperty("dimension").GetInt32());
        Assert.True(first.GetProperty("truncated").GetBoolean());
        float[] read =
        [
            .. first.GetProperty("embedding").EnumerateArray().SelectMany(row => row.EnumerateArray()).Select(v => v.GetSingle()),
        ];
        Assert.Equal(values.Select(BitConverter.SingleToInt32Bits), read.Select(BitConverter.SingleToInt32Bits));
        Assert.Contains("[[0.1,-0.33333334,1E-10]", lines[0]);
        Assert.Equal(JsonValueKind.Null, second.GetProperty("id").ValueKind);
        Assert.Equal("query", second.GetProperty("kind").GetString());
        Assert.Contains("""token_ids":[5,6],"token_offsets":[[0,0],[0,1]],"embedding""", lines[1]);
    }

    [Fact]
    public void Json_cannot_hold_what_is_no_number()
    {
        using var writer = new JsonLinesWriter(Stream.Null);
        ColbertException error =
            Assert.Throws<ColbertException>(() => writer.Write(new ColbertEmbedding(TextKind.Query, "q", new[] { float.NaN }, 1)));
        Assert.Equal(ColbertErrorId.InferenceFailed, error.Id);
        Assert.Equal("q", error.Target);
    }

    [Theory]
    [InlineData("out")]
    [InlineData("out.npz")]
    [InlineData("out.safetensors")]
    [InlineData("out.jsonl")]
    public void What_is_there_is_kept_unless_forced(string name)
    {
        using var folder = new TemporaryFolder();
        string target = folder.File(name);
        Write(target, [Embedding(1, 2), Embedding(1, 2), Embedding(1, 2)]);
        string[] before = Directory.GetFiles(folder.Path, "*", SearchOption.AllDirectories);
        ColbertException error = Assert.Throws<ColbertException>(() => EmbeddingWriter.Open(target));
        Assert.Equal(ColbertErrorId.OutputExists, error.Id);
        Assert.StartsWith(target, error.Target);
        Assert.Equal(before, Directory.GetFiles(folder.Path, "*", SearchOption.AllDirectories));

        Write(target, [Embedding(5, 2)], new EmbeddingWriterOptions { Force = true });
        Assert.Equal([name], Names(folder.Path));
        if (name == "out") Assert.Equal(["doc_000000.npy", "doc_texts.jsonl"], Names(target));
        using IEmbeddingWriter again = EmbeddingWriter.Open(folder.File("other." + name.Split('.')[^1] + (name == "out" ? "/" : "")));
    }

    [Fact]
    public void A_folder_may_hold_other_files_and_the_other_kind()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("notes.txt"), "");
        Write(folder.Path, [Embedding(1, 2)], new EmbeddingWriterOptions { Kind = TextKind.Document });
        Write(folder.Path, [Embedding(1, 2, TextKind.Query)], new EmbeddingWriterOptions { Kind = TextKind.Query });
        Assert.Equal(["doc_000000.npy", "doc_texts.jsonl", "notes.txt", "query_000000.npy", "query_texts.jsonl"], Names(folder.Path));
    }

    [Theory]
    [InlineData("out")]
    [InlineData("out.npz")]
    [InlineData("out.safetensors")]
    [InlineData("out.jsonl")]
    public void A_run_that_is_broken_off_leaves_nothing(string name)
    {
        using var folder = new TemporaryFolder();
        using (IEmbeddingWriter writer = EmbeddingWriter.Open(folder.File(name))) writer.Write(Embedding(1000, 96));
        Assert.Empty(Names(folder.Path));
    }

    [Theory]
    [InlineData("out")]
    [InlineData("out.npz")]
    [InlineData("out.safetensors")]
    [InlineData("out.jsonl")]
    public void A_place_that_cannot_be_written_is_an_error(string name)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("file"), "");
        string target = folder.File(Path.Combine("file", name));
        ColbertException error = Assert.Throws<ColbertException>(() => EmbeddingWriter.Open(target));
        Assert.Equal(ColbertErrorId.OutputFailed, error.Id);
        Assert.Equal(target, error.Target);
        Assert.Equal(3, error.ExitCode);
        Assert.Equal(["file"], Names(folder.Path));
    }

    [Theory]
    [InlineData(".npz")]
    [InlineData(".safetensors")]
    [InlineData(".jsonl")]
    public void A_full_disk_is_an_error_and_leaves_nothing(string extension)
    {
        using var folder = new TemporaryFolder();
        string target = folder.File("out" + extension);
        Func<Stream, Stream> full = stream => new FullStream(stream, 100_000);
        using (IEmbeddingWriter writer = extension switch
        {
            ".npz" => new NpzFile(target, default, full),
            ".safetensors" => new SafetensorsWriter(target, default, full),
            _ => new JsonLinesFile(target, default, full),
        })
        {
            ColbertException error = Assert.Throws<ColbertException>(() =>
            {
                for (int i = 0; i < 100; i++) writer.Write(Embedding(100, 96));
            });
            Assert.Equal(ColbertErrorId.OutputFailed, error.Id);
            Assert.Contains("No space", error.Message);
        }

        Assert.Empty(Names(folder.Path));
    }

    [Fact]
    public void A_name_of_no_format_is_refused_before_anything_is_written()
    {
        using var folder = new TemporaryFolder();
        Assert.Equal(
            ColbertErrorId.InputInvalid, Assert.Throws<ColbertException>(() => EmbeddingWriter.Open(folder.File("out.feather"))).Id);
        Assert.Empty(Names(folder.Path));
    }

    private static void Write(string target, ColbertEmbedding[] embeddings, EmbeddingWriterOptions options = default)
    {
        using IEmbeddingWriter writer = EmbeddingWriter.Open(target, options);
        foreach (ColbertEmbedding embedding in embeddings) writer.Write(embedding);
        writer.Complete();
    }

    private static string[] Names(string folder) =>
        [.. Directory.GetFileSystemEntries(folder).Select(p => Path.GetFileName(p)!).Order(StringComparer.Ordinal)];

    private static ColbertEmbedding Embedding(int rows, int dimension, TextKind kind = TextKind.Document)
    {
        var random = new Random(rows);
        return new(
            kind, $"text of {rows}", Enumerable.Range(0, rows * dimension).Select(_ => (float)random.NextDouble()).ToArray(), dimension);
    }

    private static void AssertNpy(byte[] file, ColbertEmbedding expected)
    {
        int start = 10 + BitConverter.ToUInt16(file, 8);
        Assert.Contains($"({expected.TokenCount}, {expected.Dimension})", Encoding.ASCII.GetString(file, 10, start - 10));
        Assert.Equal(expected.Values.ToArray(), MemoryMarshal.Cast<byte, float>(file.AsSpan(start)).ToArray());
    }
}
