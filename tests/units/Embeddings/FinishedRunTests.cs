using ColbertOnnx.Embeddings;
using ColbertOnnx.Inputs;
using ColbertOnnx.IO;

namespace ColbertOnnx.Tests.Embeddings;

/// <summary>A run is asked for again whose output is there.</summary>
public sealed class FinishedRunTests : IDisposable
{
    private static readonly IReadOnlyDictionary<string, string> Model = new Dictionary<string, string>
    {
        ["model"] = "m 1",
        ["DocumentLength"] = "48",
    };

    private readonly TemporaryFolder folder = new TemporaryFolder().With("in.txt", "one\ntwo\n");

    public static TheoryData<string> Names => ["out.npz", "out.safetensors", "out.jsonl", "out.parquet", "out"];

    [Theory]
    [MemberData(nameof(Names))]
    public void An_output_of_the_same_run_is_finished_and_its_texts_are_not_read(string name)
    {
        Assert.Null(Find(name, Options()));
        RunManifest left = Run(name, Options());
        Assert.Equal(left.ToJson(), Find(name, Options(), Unread())?.ToJson());
        Assert.Equal(left.ToJson(), Find(name, Options() with { File = new() { Force = true } }, Unread())?.ToJson());
        File.SetLastWriteTimeUtc(folder.File("in.txt"), DateTime.UnixEpoch);
        Assert.NotNull(Find(name, Options(), Unread()));
    }

    [Fact]
    public void What_texts_are_encoded_with_is_a_part_of_what_is_asked_for()
    {
        ColbertRunOptions pooled = Options() with { EncodedWith = new() { PoolFactor = 2, ProtectedTokens = 3, Prompt = "p " } };
        Run("out.npz", Options());
        Assert.Throws<ColbertException>(() => Find("out.npz", pooled));
        Run("pooled.npz", pooled);
        Assert.NotNull(Find("pooled.npz", pooled, Unread()));
        Assert.Throws<ColbertException>(() => Find("pooled.npz", Options()));
        ArgumentException error = Assert.Throws<ArgumentException>(
            () => Find("out.npz", Options() with { EncodedWith = new() { PromptName = "query" } }));
        Assert.Contains("GetIdentity", error.Message, StringComparison.Ordinal);
    }

    public static TheoryData<string, string> Differences => new()
    {
        { "model", "its model was 'm 1', and is 'm 2' now" },
        { "length", "its DocumentLength was '48', and is '9' now" },
        { "type", "its type was 'float32', and is 'int8' now" },
        { "kind", "its kind was 'document', and is 'query' now" },
        { "tokens", "its tokens was 'no', and is 'yes' now" },
        { "shard", "it has the whole input; shard 1 of 2, bytes 0 to 4 is asked for" },
        { "longer", "its input 'in.txt' had 8 bytes, and 'in.txt' has 12" },
        { "other", "its input 'in.txt' has other bytes now" },
        { "files", "its input had 2 texts, and has 4 now" },
    };

    [Theory]
    [MemberData(nameof(Differences))]
    public void Of_another_run_it_is_said_what_differs(string what, string said)
    {
        Run("out.npz", Options());
        ColbertRunOptions options = what switch
        {
            "type" => Options() with { File = new() { Type = EmbeddingType.Int8 } },
            "kind" => Options() with { Kind = TextKind.Query },
            "tokens" => Options() with { File = new() { IncludeTokens = true } },
            "shard" => Options() with { Shard = new ColbertShard(1, 2) },
            "files" => Options() with { Inputs = [folder.File("in.txt"), folder.File("in.txt")] },
            _ => Options(),
        };
        Dictionary<string, string> model = new(Model);
        if (what == "model") model["model"] = "m 2";
        if (what == "length") model["DocumentLength"] = "9";
        if (what == "longer") folder.With("in.txt", "one\ntwo\nsix\n");
        if (what == "other") folder.With("in.txt", "one\nten\n");
        IEnumerable<InputItem> items = what == "files" ? Items().Concat(Items()) : Unread();
        ColbertException error =
            Assert.Throws<ColbertException>(() => ColbertRun.FindFinished(folder.File("out.npz"), model, options, items));
        Assert.Equal(
            (ColbertErrorId.OutputExists, $"'{folder.File("out.npz")}' exists already, and is of another run: {said}."),
            (error.Id, error.Message));
        Assert.Null(ColbertRun.FindFinished(
            folder.File("out.npz"), model, options with { File = options.File with { Force = true } }, items));
    }

    [Fact]
    public void Texts_that_come_once_are_compared_and_not_taken_from_the_run_that_replaces()
    {
        ColbertRunOptions piped = Options() with { Inputs = ["-"] };
        Run("out.npz", piped);
        Assert.NotNull(Find("out.npz", piped, Items()));
        Assert.NotNull(Find("out.npz", Options(), Items()));
        InputItem[] others = [.. Items().Select(item => item with { Id = "x" })];
        Assert.Contains(
            "its input had other texts or ids", Assert.Throws<ColbertException>(() => Find("out.npz", piped, others)).Message,
            StringComparison.Ordinal);
        Assert.Null(Find("out.npz", piped with { File = new() { Force = true } }, Unread()));
    }

    [Fact]
    public void A_large_file_that_was_touched_is_read()
    {
        folder.With("in.txt", new string('x', FileDigest.WholeUpTo) + "\ntwo\n");
        Run("out.npz", Options());
        Assert.NotNull(Find("out.npz", Options(), Unread()));
        File.SetLastWriteTimeUtc(folder.File("in.txt"), DateTime.UnixEpoch);
        Assert.NotNull(Find("out.npz", Options(), Items()));
        Assert.Throws<ColbertException>(() => Find("out.npz", Options(), Items().Reverse()));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void An_output_that_does_not_fit_its_manifest_is_not_finished(string name)
    {
        Run(name, Options());
        string manifest = folder.File(name + ".manifest.json");
        byte[] good = File.ReadAllBytes(manifest);
        foreach (byte[] broken in (byte[][])[[], good[..60], good[..^9]])
        {
            File.WriteAllBytes(manifest, broken);
            AssertUnknown(name, $"its manifest is broken: {manifest}: ");
        }

        File.Delete(manifest);
        AssertUnknown(name, $"there is no manifest '{manifest}'.");
        File.WriteAllText(manifest, "{}");
        Assert.Contains(
            "is not a manifest of a run, and is not replaced",
            Assert.Throws<ColbertException>(() => Find(name, Options(), Unread())).Message,
            StringComparison.Ordinal);
        File.WriteAllBytes(manifest, good);
        string file = Directory.Exists(folder.File(name)) ? folder.File(name + "/doc_000001.npy") : folder.File(name);
        File.AppendAllText(file, "x");
        ColbertException error = Assert.Throws<ColbertException>(() => Find(name, Options(), Unread()));
        Assert.Equal(ColbertErrorId.OutputExists, error.Id);
        Assert.Matches("exists already, and is not as its manifest says: it has [0-9]+ bytes, and [0-9]+ were written.$", error.Message);
        Assert.Null(Find(name, Options() with { File = new() { Force = true } }, Unread()));

        // Who wants to be told encodes it again.
        string? told = null;
        Assert.Null(ColbertRun.FindFinished(folder.File(name), Model, Options(), Unread(), change => told = change));
        Assert.Matches("^has [0-9]+ bytes, and [0-9]+ were written$", told);
        Run(name, Options() with { File = new() { Force = true } });
        Assert.Equal(good, File.ReadAllBytes(manifest));
        Assert.NotNull(ColbertRun.FindFinished(folder.File(name), Model, Options(), Unread(), _ => Assert.Fail("It is as it was.")));

        // Another run's is not replaced, and texts that come once cannot be encoded after they were compared.
        File.AppendAllText(file, "x");
        ColbertRunOptions others = Options() with { File = new() { Type = EmbeddingType.Int8 } }, piped = Options() with { Inputs = ["-"] };
        Assert.All(
            [others, piped],
            options => Assert.Throws<ColbertException>(() => ColbertRun.FindFinished(
                folder.File(name), Model, options, Unread(), _ => Assert.Fail("It may be replaced."))));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_manifest_that_a_killed_process_did_not_put_in_its_place_is_put_there(string name)
    {
        byte[] left = Run(name, Options()).ToJson();
        string[] places = Directory.Exists(folder.File(name)) ? [$".{name}.partial", $"{name}/.embeddings.partial"] : [$".{name}.partial"];
        foreach (string place in places)
        {
            Seal(name, place);
            Assert.Equal(left, Find(name, Options(), Unread())?.ToJson());
            Assert.True(File.Exists(folder.File(name + ".manifest.json")));
            Assert.False(Path.Exists(folder.File(place)));
        }

        Seal(name, places[0]);
        using (FileLock.TryTake(folder.File($"{places[0]}/lock")))
        {
            ColbertException held = Assert.Throws<ColbertException>(() => Find(name, Options(), Unread()));
            Assert.Equal(
                (ColbertErrorId.OutputHeld, $"'{folder.File(name)}' is being written by another process."), (held.Id, held.Message));
            folder.With($"{places[0]}/holder.txt", "process 7 on node since now");
            Assert.Contains(
                "is being written by process 7 on node since now.",
                Assert.Throws<ColbertException>(() => Find(name, Options(), Unread())).Message, StringComparison.Ordinal);
        }

        // Of an output that another run has replaced meanwhile.
        string sealedAs = folder.File($"{places[0]}/{name}.manifest.json");
        File.WriteAllText(
            sealedAs,
            File.ReadAllText(sealedAs).Replace(RunManifest.Read(sealedAs).Output.Sha256, new string('0', 64), StringComparison.Ordinal));
        AssertUnknown(name, "there is no manifest");
        Assert.False(File.Exists(folder.File(name + ".manifest.json")));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void What_a_process_left_goes_that_was_killed_behind_its_last_act(string name)
    {
        Run(name, Options());
        string[] places = Directory.Exists(folder.File(name)) ? [$".{name}.partial", $"{name}/.embeddings.partial"] : [$".{name}.partial"];
        foreach (string place in places)
        {
            folder.With($"{place}/lock").With($"{place}/parts/x");
            Assert.NotNull(Find(name, Options(), Unread()));
            Assert.False(Path.Exists(folder.File(place)));
        }

        // An interrupted run, which can go on.
        string other = folder.File("other" + Path.GetExtension(name)), left = folder.File($".{name}.partial");
        using (var run = new ColbertRun(other, Model, Options() with { Resume = true }))
        {
            run.Write(Embedding(run.Read(Items()).First()));
            run.Checkpoint();
        }

        Directory.Move(folder.File($".{Path.GetFileName(other)}.partial"), left);
        Assert.NotNull(Find(name, Options(), Unread()));
        Assert.True(File.Exists(Path.Combine(left, "journal.jsonl")));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_run_that_is_killed_while_it_completes_goes_on_to_the_same_bytes(string name)
    {
        ColbertRunOptions options = Options() with { Resume = true };
        byte[] whole = Run("whole" + Path.GetExtension(name), Options()).ToJson();
        var plain = new EmbeddingWriterOptions { Kind = TextKind.Document, Type = EmbeddingWriter.DefaultType(name), IsRecorded = true };
        plain = plain with { Resume = RunIdentity.Of(folder.File(name), plain, InputIdentity.Of(["in.txt"], new InputOptions()), Model) };
        using (StagedWriter writer = EmbeddingWriter.Open(folder.File(name), plain))
        {
            var history = new InputHistory();
            foreach (InputItem item in history.Read(Items()))
            {
                writer.Write(Embedding(item));
                history.Encoded(isTruncated: false);
                writer.Checkpoint(history.State);
            }

            Assert.Throws<ColbertException>(() => writer.Complete(_ => throw new IOException("killed")));
        }

        Assert.False(Path.Exists(folder.File(name)));
        using (StagedWriter again = EmbeddingWriter.Open(folder.File(name), plain)) Assert.Equal(2, again.Texts);
        Assert.Null(Find(name, options));
        RunManifest manifest = Run(name, options);
        Assert.Equal(whole, (manifest with { Output = manifest.Output with { Name = "whole" + Path.GetExtension(name) } }).ToJson());
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path, ".*"));
    }

    public void Dispose() => folder.Dispose();

    private ColbertRunOptions Options() => new() { Kind = TextKind.Document, Inputs = [folder.File("in.txt")] };

    private RunManifest? Find(string name, ColbertRunOptions options, IEnumerable<InputItem>? items = null) =>
        ColbertRun.FindFinished(folder.File(name), Model, options, items ?? Items());

    private IEnumerable<InputItem> Items() => InputReader.ReadFile(folder.File("in.txt"));

    private void AssertUnknown(string name, string why)
    {
        ColbertException error = Assert.Throws<ColbertException>(() => Find(name, Options(), Unread()));
        Assert.Equal(ColbertErrorId.OutputExists, error.Id);
        Assert.StartsWith(
            $"'{folder.File(name)}' exists already, and nothing says what it is: {why}", error.Message, StringComparison.Ordinal);
        Assert.Contains("--force", error.Action, StringComparison.Ordinal);
        ColbertRunOptions forced = Options() with { File = new() { Force = true } };
        Assert.Null(Find(name, forced, Unread()));
        new ColbertRun(folder.File(name), Model, forced).Dispose();
    }

    private static IEnumerable<InputItem> Unread()
    {
        Assert.Fail("The input is read.");
        yield break;
    }

    private RunManifest Run(string name, ColbertRunOptions options)
    {
        using var run = new ColbertRun(folder.File(name), Model, options);
        foreach (InputItem item in run.Read(Items())) run.Write(Embedding(item, options.Kind));
        return run.Complete();
    }

    // The manifest as a process leaves it that is killed behind the output's move.
    private void Seal(string name, string place)
    {
        folder.With($"{place}/lock").With($"{place}/journal.jsonl", "{}\n");
        Directory.CreateDirectory(folder.File($"{place}/parts"));
        File.Move(folder.File(name + ".manifest.json"), folder.File($"{place}/{name}.manifest.json"), overwrite: true);
    }

    private static ColbertEmbedding Embedding(InputItem item, TextKind kind = TextKind.Document) =>
        new(kind, item.Text, new float[] { 0.6f, 0.8f, 1, 0 }, 2);
}
