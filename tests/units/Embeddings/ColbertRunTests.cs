using System.Security.Cryptography;
using System.Text;
using ColbertOnnx.Embeddings;
using ColbertOnnx.Inputs;
using ColbertOnnx.Runtime;

namespace ColbertOnnx.Tests.Embeddings;

public sealed class ColbertRunTests : IDisposable
{
    private const string Corpus =
        "{\"id\":\"a\",\"text\":\"Bread rises.\"}\n{\"id\":\"b\",\"text\":\"\\ud800\"}\n{\"id\":\"c\",\"text\":\"Salt melts ice.\"}\n";

    private readonly TemporaryFolder folder = new TemporaryFolder().With("corpus.jsonl", Corpus);
    private readonly ColbertModel model = ColbertModel.Load(TestData.Path("onnx", "bert-base"));

    public static TheoryData<string> Names => ["out.npz", "out.safetensors", "out.jsonl", "out.parquet", "out", "out/"];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_run_leaves_a_manifest_that_says_what_its_output_is(string name)
    {
        RunManifest left = Run(name, new() { File = new() { IncludeText = true } });
        RunManifest read = RunManifest.Read(RunManifest.PathOf(folder.File(name)));
        Assert.Equal(left.ToJson(), read.ToJson());
        Assert.Equal(folder.File(name.Trim('/') + ".manifest.json"), RunManifest.PathOf(folder.File(name)));
        int tokens = ColbertEmbeddingFile.Read(folder.File(name)).Sum(embedding => embedding.TokenCount);
        Assert.Equal(new ManifestCounts(3, 2, tokens, 1, 0), read.Counts);
        Assert.Equal(("a", "c", null), (read.FirstId, read.LastId, read.Shard));
        ManifestInputFile input = Assert.Single(read.Input.Files);
        Assert.Equal(("corpus.jsonl", (long?)Corpus.Length), (input.Name, input.Bytes));
        Assert.Equal(File.GetLastWriteTimeUtc(folder.File("corpus.jsonl")), input.Modified!.Value.UtcDateTime);
        Assert.Equal([CpuFeatures.Text], read.Cpus);
        Assert.Equal("yes", read.Identity["texts"]);
        Assert.Null(read.FindDifference(Run("again" + Path.GetExtension(name), new() { File = new() { IncludeText = true } }).Identity));
        Assert.Null(read.FindChange(folder.File(name)));
        Assert.Equal(SumOf(folder.File(name)), (read.Output.Bytes, read.Output.Sha256));
    }

    [Theory]
    [InlineData("out.npz")]
    [InlineData("out")]
    public void A_manifest_knows_an_output_that_was_changed(string name)
    {
        RunManifest manifest = Run(name);
        string file = Directory.Exists(folder.File(name)) ? folder.File("out/doc_000002.npy") : folder.File(name);
        byte[] bytes = File.ReadAllBytes(file);
        bytes[^1] ^= 1;
        File.WriteAllBytes(file, bytes);
        Assert.Equal("has other bytes than were written", manifest.FindChange(folder.File(name)));
        File.WriteAllBytes(file, bytes[..^1]);
        Assert.Contains("were written", manifest.FindChange(folder.File(name)), StringComparison.Ordinal);
        if (file == folder.File(name)) File.Delete(file);
        else Directory.Delete(folder.File(name), recursive: true);
        Assert.Equal("is not there", manifest.FindChange(folder.File(name)));
    }

    [Fact]
    public void What_texts_are_encoded_with_is_part_of_what_a_run_is()
    {
        ColbertRunOptions Options(ColbertEncodeOptions? with) =>
            new() { Kind = TextKind.Document, Inputs = [folder.File("corpus.jsonl")], Resume = true, EncodedWith = with };
        using (var run = new ColbertRun(folder.File("out.npz"), model, Options(new() { PoolFactor = 2 })))
        {
            string text = run.Read(InputReader.ReadFile(folder.File("corpus.jsonl"))).First().Text;
            run.Write(model.EncodeDocuments([text], new ColbertEncodeOptions { PoolFactor = 2 }).Single());
            run.Checkpoint();
        }

        foreach ((ColbertEncodeOptions? with, string said) in ((ColbertEncodeOptions?, string)[])
            [
                (null, "PoolFactor"), (new() { PoolFactor = 4 }, "PoolFactor"),
                (new() { PoolFactor = 2, ProtectedTokens = 3 }, "ProtectedTokens"), (new() { PoolFactor = 2, Prompt = "of: " }, "Prompt"),
            ])
        {
            ColbertException other = Assert.Throws<ColbertException>(() => new ColbertRun(folder.File("out.npz"), model, Options(with)));
            Assert.Equal(ColbertErrorId.OutputExists, other.Id);
            Assert.Contains(said, other.Message, StringComparison.Ordinal);
        }

        new ColbertRun(folder.File("out.npz"), model, Options(new() { PoolFactor = 2, ProtectedTokens = model.ProtectedTokens })).Dispose();
        Assert.Equal(model.GetIdentity(), model.GetIdentity(new ColbertEncodeOptions()));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void An_interrupted_run_goes_on_behind_its_last_checkpoint(string name)
    {
        RunManifest whole = Run("whole" + Path.GetExtension(name) + (name.EndsWith('/') ? "/" : ""));
        using (ColbertRun run = Begin(name, new() { Resume = true }))
        {
            InputItem[] items = [.. run.Read(Items())];
            Assert.Equal(3, items.Length);
            Encode(run, items[..2]);
        }

        Assert.False(Path.Exists(folder.File(name)));
        Assert.False(Path.Exists(RunManifest.PathOf(folder.File(name))));
        using (ColbertRun run = Begin(name, new() { Resume = true }))
        {
            Assert.Equal((2, 1, 2), (run.State.Items, run.State.Bad, run.State.ExitCode));
            InputItem left = Assert.Single(run.Read(Items()));
            Encode(run, [left]);
            RunManifest manifest = run.Complete();
            Assert.Equal(whole.ToJson(), (manifest with { Output = manifest.Output with { Name = whole.Output.Name } }).ToJson());
        }

        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path, ".*"));
    }

    [Fact]
    public void A_run_without_resume_leaves_nothing_when_it_is_given_up()
    {
        using (ColbertRun run = Begin("out.npz")) Encode(run, [.. run.Read(Items())]);
        Assert.Equal([folder.File("corpus.jsonl")], Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [Fact]
    public void Another_model_does_not_go_on_with_a_run()
    {
        using (ColbertRun run = Begin("e.npz", new() { Resume = true })) Encode(run, [.. run.Read(Items()).Take(1)]);
        using var other = ColbertModel.Load(TestData.Path("onnx", "bert-base"), new ColbertModelOptions { DocumentLength = 5 });
        ColbertException error =
            Assert.Throws<ColbertException>(() => new ColbertRun(folder.File("e.npz"), other, Options(new() { Resume = true })));
        Assert.Equal(ColbertErrorId.OutputExists, error.Id);
        Assert.Contains("its DocumentLength was", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_processors_of_an_interrupted_run_stand_in_the_manifest()
    {
        using (ColbertRun run = Begin("e.npz", new() { Resume = true })) Encode(run, [.. run.Read(Items()).Take(1)]);
        string journal = folder.File(".e.npz.partial/journal.jsonl");
        File.WriteAllText(journal, File.ReadAllText(journal).Replace(CpuFeatures.Text, "another", StringComparison.Ordinal));
        using ColbertRun rest = Begin("e.npz", new() { Resume = true });
        Encode(rest, [.. rest.Read(Items())]);
        Assert.Equal(["another", CpuFeatures.Text], rest.Complete().Cpus);
    }

    [Fact]
    public void A_folder_has_a_manifest_for_its_queries_and_one_for_its_documents()
    {
        Run("out");
        Run("out", new() { Kind = TextKind.Query });
        RunManifest documents = RunManifest.Read(folder.File("out.manifest.json")),
            queries = RunManifest.Read(folder.File("out.query.manifest.json"));
        Assert.Equal(("document", "query"), (documents.Identity["kind"], queries.Identity["kind"]));
        Assert.NotEqual(documents.Output.Sha256, queries.Output.Sha256);
        Assert.Null(documents.FindChange(folder.File("out")));
        Assert.Null(queries.FindChange(folder.File("out")));
    }

    [Fact]
    public void What_is_no_manifest_is_not_replaced_not_even_by_force()
    {
        folder.With("out.npz.manifest.json", "{\"mine\":1}");
        ColbertException error = Assert.Throws<ColbertException>(() => Begin("out.npz", new() { File = new() { Force = true } }));
        Assert.Equal((ColbertErrorId.OutputExists, folder.File("out.npz.manifest.json")), (error.Id, error.Target));
        Assert.Equal("{\"mine\":1}", File.ReadAllText(folder.File("out.npz.manifest.json")));

        // It came while the run was under way.
        File.Delete(folder.File("out.npz.manifest.json"));
        using ColbertRun run = Begin("out.npz");
        folder.With("out.npz.manifest.json", "{}");
        Assert.Throws<ColbertException>(run.Complete);
        Assert.False(File.Exists(folder.File("out.npz")));
    }

    [Theory]
    [InlineData("out.npz")]
    [InlineData("out")]
    public void A_manifest_goes_with_the_output_that_it_belongs_to(string name)
    {
        Run(name);
        byte[] first = File.ReadAllBytes(RunManifest.PathOf(folder.File(name)));
        Assert.Equal(ColbertErrorId.OutputExists, Assert.Throws<ColbertException>(() => Begin(name)).Id);
        folder.With("corpus.jsonl", "{\"text\":\"The moon turns.\"}\n");
        RunManifest second = Run(name, new() { File = new() { Force = true } });
        Assert.Equal(1, second.Counts.Texts);
        Assert.Equal(second.ToJson(), File.ReadAllBytes(RunManifest.PathOf(folder.File(name))));
        Assert.NotEqual(first, second.ToJson());

        // Embeddings of any origin: nothing says of which texts and model.
        ColbertEmbeddingFile.Write(folder.File(name), model.EncodeDocuments(["Bread rises."]), new() { Force = true });
        Assert.False(File.Exists(RunManifest.PathOf(folder.File(name))));

        // One whose output was taken away is in nobody's way.
        Run(name, new() { File = new() { Force = true } });
        if (File.Exists(folder.File(name))) File.Delete(folder.File(name));
        else Directory.Delete(folder.File(name), recursive: true);
        Assert.Null(Run(name).FindChange(folder.File(name)));
    }

    [Fact]
    public void A_link_has_the_manifest_of_the_file_behind_it()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "A link needs rights.");
        Directory.CreateDirectory(folder.File("far"));
        File.CreateSymbolicLink(folder.File("out.npz"), "far/real.npz");
        Assert.Equal("real.npz", Run("out.npz").Output.Name);
        Assert.Equal(folder.File("far/real.npz.manifest.json"), RunManifest.PathOf(folder.File("out.npz")));
        Assert.True(File.Exists(folder.File("far/real.npz.manifest.json")));
    }

    [Fact]
    public void An_input_may_not_be_the_output_nor_its_manifest()
    {
        Assert.Equal(
            ColbertErrorId.OutputExists,
            Assert.Throws<ColbertException>(() => new ColbertRun(
                folder.File("corpus.jsonl"), model, Options(new() { File = new() { Force = true } }))).Id);
        File.Move(folder.File("corpus.jsonl"), folder.File("out.npz.manifest.json"));
        var options = new ColbertRunOptions { Kind = TextKind.Document, Inputs = [folder.File("out.npz.manifest.json")] };
        Assert.Contains(
            "would replace the input",
            Assert.Throws<ColbertException>(() => new ColbertRun(folder.File("out.npz"), model, options)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_without_room_for_its_manifest_is_told_before_the_work()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Names may be longer there.");
        ColbertException error = Assert.Throws<ColbertException>(() => Begin(new string('n', 241) + ".npz", new() { Resume = true }));
        Assert.Equal(ColbertErrorId.OutputFailed, error.Id);
    }

    [Fact]
    public void Ids_are_cut_and_what_can_be_read_once_has_no_length()
    {
        InputItem[] items = [new("one", new string('x', 2000), "1"), new("two", "\ud800", "2")];
        var options = new ColbertRunOptions { Kind = TextKind.Document, Inputs = ["-"] };
        ColbertException error = Assert.Throws<ColbertException>(() => new ColbertRun(
            folder.File("out.jsonl"), model, options with { Shard = new ColbertShard(1, 2) }));
        Assert.Equal((ColbertErrorId.InputInvalid, "'-' has no shards: it is not a regular file."), (error.Id, error.Message));
        using var run = new ColbertRun(folder.File("out.jsonl"), model, options);
        Encode(run, [.. run.Read(items)]);
        run.Complete();
        RunManifest manifest = RunManifest.Read(folder.File("out.jsonl.manifest.json"));
        Assert.Equal((new string('x', 1000), "\ufffd"), (manifest.FirstId, manifest.LastId));
        Assert.Equal(new ManifestInputFile("-", null, null, null), Assert.Single(manifest.Input.Files));
    }

    [Fact]
    public void A_model_that_is_opened_later_makes_the_same_run()
    {
        var options = Options(new());
        using var run = new ColbertRun(folder.File("out.parquet"), ColbertModel.ReadIdentity(TestData.Path("onnx", "bert-base")), options);
        run.Describe(model);
        Encode(run, [.. run.Read(Items())]);
        RunManifest later = run.Complete();
        File.Delete(folder.File("out.parquet"));
        Assert.Equal(Run("out.parquet").ToJson(), later.ToJson());
    }

    public void Dispose()
    {
        model.Dispose();
        folder.Dispose();
    }

    private RunManifest Run(string name, Asked? asked = null)
    {
        using ColbertRun run = Begin(name, asked);
        Encode(run, [.. run.Read(Items())], asked?.Kind ?? TextKind.Document);
        return run.Complete();
    }

    private ColbertRun Begin(string name, Asked? asked = null) => new(folder.File(name), model, Options(asked ?? new()));

    private ColbertRunOptions Options(Asked asked) =>
        new() { Kind = asked.Kind, Inputs = [folder.File("corpus.jsonl")], File = asked.File, Resume = asked.Resume };

    private IEnumerable<InputItem> Items() => InputReader.ReadFile(folder.File("corpus.jsonl"));

    private void Encode(ColbertRun run, InputItem[] items, TextKind kind = TextKind.Document)
    {
        using ColbertEncodeStream stream = model.OpenStream(kind);
        foreach (InputItem item in items)
        {
            if (item.Error is { } error) run.Fail(error);
            else stream.Push(new ColbertText(item.Text, item.Id), Take);
            // In the order of the texts.
            while (!stream.IsEmpty && stream.Take(out ColbertEncodeResult result)) Take(result);
        }

        void Take(ColbertEncodeResult result) => run.Write(result.GetEmbedding());
    }

    // As sha256sum, and of a folder `sha256sum * | sha256sum`.
    private static (long Bytes, string Sum) SumOf(string path)
    {
        if (File.Exists(path)) return (new FileInfo(path).Length, Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path))));
        FileInfo[] files = [.. new DirectoryInfo(path).EnumerateFiles().OrderBy(file => file.Name, StringComparer.Ordinal)];
        string lines = string.Concat(files.Select(file => $"{SumOf(file.FullName).Sum}  {file.Name}\n"));
        return (files.Sum(file => file.Length), Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(lines))));
    }

    private sealed record Asked
    {
        public TextKind Kind { get; init; } = TextKind.Document;

        public ColbertEmbeddingFileOptions File { get; init; } = new();

        public bool Resume { get; init; }
    }
}
