using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ColbertOnnx.Embeddings;
using ColbertOnnx.IO;

namespace ColbertOnnx.Diagnostics.Parity.References;

/// <summary>
/// Writes our own format: token vectors one after the other into the safetensors file, texts into the JSON file beside it; the same model
/// and texts give the same bytes. Both get their names when they are complete.
/// </summary>
public sealed class ReferenceWriter : IDisposable
{
    // The header's length must be known before the first token vector: blanks fill it up.
    private const int HeaderSize = 2048;

    private readonly string path, tensors, json;
    private readonly StagingFolder stagedTensors, stagedJson;
    private readonly bool force;
    private readonly int dimension;
    private readonly FileStream rows, texts;
    private readonly Utf8JsonWriter writer;
    private readonly ArrayBufferWriter<byte> line = new();
    private readonly List<(TextKind Kind, long Rows, List<long> Offsets)> runs = [];

    /// <summary>Begins a reference.</summary>
    /// <param name="path">The .safetensors or the .json file; the other one is named after it.</param>
    /// <param name="model">The model whose embeddings will come; its settings go into the file.</param>
    /// <param name="force">Replace what is there.</param>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.OutputExists"/>, <see cref="ColbertErrorId.OutputFailed"/>,
    /// <see cref="ColbertErrorId.InputInvalid"/> (the name).</exception>
    public ReferenceWriter(string path, ColbertModel model, bool force)
    {
        this.path = path;
        (tensors, json) = Pair(path);
        this.force = force;
        dimension = model.Dimension;
        Check(path, force);
        (tensors, json) = (OutputTarget.Of(tensors), OutputTarget.Of(json));
        (StagingFolder? stagedTensors, StagingFolder? stagedJson, FileStream? rows, FileStream? texts) = (null, null, null, null);
        try
        {
            OutputGuard.Run(tensors, () =>
            {
                stagedTensors = Stage(tensors);
                rows = Create(PathIn(stagedTensors, tensors));
                stagedJson = Stage(json);
                texts = Create(PathIn(stagedJson, json));
            });
        }
        catch
        {
            rows?.Dispose();
            stagedTensors?.Dispose();
            stagedJson?.Dispose();
            throw;
        }

        (this.stagedTensors, this.stagedJson, this.rows, this.texts) = (stagedTensors!, stagedJson!, rows!, texts!);
        writer = new Utf8JsonWriter(this.texts, new JsonWriterOptions { Indented = true, NewLine = "\n", SkipValidation = true });
        OutputGuard.Run(tensors, () => this.rows.Write(new byte[8 + HeaderSize]));
        WriteHead(model);
    }

    /// <summary>The two files of a reference of this name.</summary>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.InputInvalid"/>: a name that stands for neither.</exception>
    public static (string Tensors, string Json) Pair(string path)
    {
        GivenPath.Require(path, "a reference");
        string full = Path.GetFullPath(path);
        if (OutputTarget.Refusal(path, full, Path.GetPathRoot(full)) is { } refusal) throw refusal;
        return Path.GetExtension(full).ToLowerInvariant() is ".safetensors" or ".json"
            ? (Path.ChangeExtension(full, ".safetensors"), Path.ChangeExtension(full, ".json"))
            : throw new ColbertException(
                ColbertErrorId.InputInvalid, $"A reference is a .safetensors file and a .json file, and '{path}' names neither.", path,
                "Give a name that ends in .safetensors.");
    }

    /// <summary>Before the work: what is there is not replaced unasked.</summary>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.OutputExists"/>, <see cref="ColbertErrorId.InputInvalid"/> (the
    /// name).</exception>
    public static void Check(string path, bool force)
    {
        (string tensors, string json) = Pair(path);
        if (!force && Array.Find([tensors, json], File.Exists) is { } old) throw OutputGuard.Exists(old);
    }

    /// <summary>Writes one embedding. Those of a kind stand together: all of the one, then all of the other.</summary>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.OutputFailed"/>; <see cref="ColbertErrorId.InferenceFailed"/>: it holds
    /// a value that is not finite; <see cref="ColbertErrorId.InputInvalid"/>: it is of the kind before the last.</exception>
    public void Write(ColbertEmbedding embedding)
    {
        if (runs.Count == 0 || runs[^1].Kind != embedding.Kind) Begin(embedding.Kind);
        (TextKind kind, long count, List<long> offsets) = runs[^1];
        if (embedding.Values.Span.IndexOfNotFinite() >= 0)
            throw new ColbertException(
                ColbertErrorId.InferenceFailed, $"The model gave no finite values for the text \"{embedding.Text}\".", embedding.Text,
                "Check the model.");
        OutputGuard.Run(tensors, () => rows.Write(MemoryMarshal.AsBytes(embedding.Values.Span)));
        offsets.Add(count + embedding.TokenCount);
        runs[^1] = (kind, count + embedding.TokenCount, offsets);
        OutputGuard.Run(json, () =>
        {
            WriteLine(embedding.Text);
            if (writer.BytesPending > 64 * 1024) writer.Flush();
        });
    }

    /// <summary>All are written: both files get their names.</summary>
    /// <exception cref="ColbertException">Besides, <see cref="ColbertErrorId.InputInvalid"/>: nothing was written.</exception>
    public void Complete()
    {
        if (runs.TrueForAll(run => run.Offsets.Count == 1))
            throw new ColbertException(
                ColbertErrorId.InputInvalid, "There are no texts to make a reference of.", path,
                "Give at least one text, or none at all for a set of our own.");
        EndRun();
        OutputGuard.Run(json, () =>
        {
            writer.WriteEndArray();
            writer.WriteEndObject();
            writer.Flush();
            texts.WriteByte((byte)'\n');
            texts.Flush();
        });
        OutputGuard.Run(tensors, WriteOffsetsAndHeader);
        Dispose(delete: false);
        if (!force) Check(path, force);
        OutputGuard.Run(tensors, Exchange);
        stagedTensors.Dispose();
        stagedJson.Dispose();
        foreach (string file in (string[])[tensors, json])
            StagingFolder.RemoveLeftovers(Path.GetDirectoryName(file)!, Path.GetFileName(file), isReplaced: true);
    }

    /// <summary>Drops what was written where <see cref="Complete"/> was not reached.</summary>
    public void Dispose() => Dispose(delete: true);

    private void Dispose(bool delete)
    {
        try
        {
            rows.Dispose();
            texts.Dispose();
        }
        catch (IOException) when (delete)
        {
            // What was buffered for files that go away.
        }

        if (!delete) return;
        stagedTensors.Dispose();
        stagedJson.Dispose();
    }

    /// <summary>The file.</summary>
    public override string ToString() => tensors;

    // Texts of this kind follow.
    private void Begin(TextKind kind)
    {
        if (runs.Exists(run => run.Kind == kind))
            throw new ColbertException(
                ColbertErrorId.InputInvalid,
                $"A {TextKinds.NameOf(kind)} comes behind texts of the other kind, and a reference has one list of each.", path,
                "Write all texts of a kind, then all of the other.");
        EndRun();
        runs.Add((kind, 0, [0]));
        writer.WriteStartObject();
        writer.WriteString("name", TextKinds.NameOf(kind));
        writer.WriteBoolean("is_query", kind == TextKind.Query);
        writer.WriteStartArray("texts");
    }

    // The texts leave first and arrive last: one file of this reference beside one of the other is none.
    private void Exchange()
    {
        FileExchange first = Between(stagedTensors, tensors), last = Between(stagedJson, json);
        StagingName.Keep(stagedTensors.Path);
        StagingName.Keep(stagedJson.Path);
        try
        {
            last.PutAside(Path.GetFileName(json));
            first.Place(Path.GetFileName(tensors));
            last.Place(Path.GetFileName(json));
        }
        catch (Exception error)
        {
            if (!first.Undo(_ => false)) throw first.NotBack(error);
            if (!last.Undo(_ => false)) throw last.NotBack(error);
            throw;
        }

        first.Complete();
        last.Complete();
    }

    private static FileExchange Between(StagingFolder staging, string target) =>
        new(Path.GetDirectoryName(target)!, staging.Path, staging.FileOf(StagingFolder.Aside));

    private void WriteHead(ColbertModel model)
    {
        writer.WriteStartObject();
        writer.WriteString("format", "colbert-reference");
        writer.WriteNumber("version", 1);
        writer.WriteText(
            "made_by",
            string.Create(
                CultureInfo.InvariantCulture,
                $"ColbertOnnx {typeof(ColbertModel).Assembly.GetName().Version!.ToString(3)}, ONNX Runtime "
                    + $"{Native.OrtLibrary.Loaded.Version}"));
        writer.WriteText("model", model.Name);
        writer.WriteBoolean("quantized", model.IsQuantized);
        writer.WriteNumber("dimension", dimension);
        writer.WriteStartObject("settings");
        ReferenceSettings.Write(writer, model.Settings);
        writer.WriteEndObject();
        writer.WriteStartArray("runs");
    }

    // A text a line: who keeps references under version control sees which ones changed. The framework's writer indents no raw values.
    private void WriteLine(string text)
    {
        line.ResetWrittenCount();
        using (var one = new Utf8JsonWriter(line, JsonArrays.Options)) one.WriteText(text);
        writer.WriteRawValue([.. "\n        "u8, .. line.WrittenSpan], skipInputValidation: true);
    }

    private void EndRun()
    {
        if (runs.Count == 0) return;
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private void WriteOffsetsAndHeader()
    {
        foreach (var run in runs) rows.Write(MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(run.Offsets)));
        rows.Flush();
        texts.Position = 0;
        string digest = Convert.ToHexStringLower(SHA256.HashData(texts));
        var header = new StringBuilder();
        header.Append(
            CultureInfo.InvariantCulture, $"{{\"__metadata__\":{{\"format\":\"colbert-reference\",\"{RunHeader.Digest}\":\"{digest}\"}}");
        long at = 0;
        foreach (var run in runs)
            Append($"{TextKinds.NameOf(run.Kind)}.embeddings", "F32", $"{run.Rows},{dimension}", run.Rows * dimension * sizeof(float));
        foreach (var run in runs)
            Append($"{TextKinds.NameOf(run.Kind)}.embedding_offsets", "I64", $"{run.Offsets.Count}", run.Offsets.Count * sizeof(long));
        byte[] bytes = new byte[8 + HeaderSize];
        bytes.AsSpan().Fill((byte)' ');
        BinaryPrimitives.WriteInt64LittleEndian(bytes, HeaderSize);
        Encoding.ASCII.GetBytes(header.Append('}').ToString(), bytes.AsSpan(8));
        rows.Position = 0;
        rows.Write(bytes);
        rows.Flush();

        void Append(FormattableString name, string type, FormattableString shape, long size)
        {
            header.Append(
                CultureInfo.InvariantCulture,
                $",\"{FormattableString.Invariant(name)}\":{{\"dtype\":\"{type}\",\"shape\":[{FormattableString.Invariant(shape)}],"
                    + $"\"data_offsets\":[{at},{at + size}]}}");
            at += size;
        }
    }

    private static StagingFolder Stage(string target)
    {
        string folder = Path.GetDirectoryName(target)!;
        Directory.CreateDirectory(folder);
        var staging = new StagingFolder(folder, Path.GetFileName(target), target);
        StagingName.Becomes(PathIn(staging, target), target);
        return staging;
    }

    private static string PathIn(StagingFolder staging, string target) => staging.FileOf(Path.GetFileName(target));

    private static FileStream Create(string path) => new(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Read, 128 * 1024);
}
