using ColbertOnnx.Diagnostics.Parity;
using ColbertOnnx.Diagnostics.Parity.References;
using ColbertOnnx.Inputs;
using ColbertOnnx.Pipeline;

namespace ColbertOnnx.Diagnostics;

/// <summary>Reference vectors: a model is compared with them, and they are made of a model.</summary>
public static class ColbertReference
{
    /// <summary>Queries on which encoders differ: marks, prefixes, blanks, letters of many scripts.</summary>
    public static IReadOnlyList<string> SampleQueries => ReferenceTexts.Queries;

    /// <summary>Documents on which encoders differ.</summary>
    public static IReadOnlyList<string> SampleDocuments => ReferenceTexts.Documents;

    /// <summary>Compares a model with reference vectors, text by text; memory does not grow with the reference.</summary>
    /// <param name="reference">A file or folder: what <see cref="Write"/> wrote, reference_embeddings.json,
    /// pylate_verification_embeddings.json, or embeddings with their texts.</param>
    /// <param name="texts">The texts, where the reference does not hold them; null: beside it.</param>
    /// <param name="kind">The kind of texts whose kind the reference does not say; null: that is an error.</param>
    /// <param name="textOptions">What the file of the texts is read as; null: as its name says.</param>
    /// <param name="accept">Gets each text's result, in the order of the reference.</param>
    /// <param name="report">Gets what keeps a text from being encoded, and the text's place; null: the first one is thrown.</param>
    /// <param name="progress">Gets the number of texts compared.</param>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.ReferenceInvalid"/>, with the place in the file; what encoding
    /// throws.</exception>
    public static ColbertParity Compare(
        ColbertModel model, string reference, ColbertParityOptions? options = null, string? texts = null, TextKind? kind = null,
        InputOptions? textOptions = null, Action<ColbertTextParity>? accept = null,
        Action<ColbertException, string>? report = null, IProgress<ColbertProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        IReference source = ReferenceFile.Open(reference, texts, kind, textOptions);
        using var run = new ParityRun(model, source, options ?? new ColbertParityOptions(), accept, report, cancellation);
        foreach (ReferenceText text in source.Read())
        {
            run.Add(text);
            progress?.Report(new ColbertProgress("texts", run.Done));
        }

        return run.Complete();
    }

    /// <summary>Compares a model with another one over the same texts.</summary>
    /// <param name="queries">Null, as well as documents: a set of texts on which encoders differ.</param>
    /// <param name="accept">Gets each text's result: the queries, then the documents.</param>
    /// <param name="report">Gets what keeps a text from being encoded, and the text's place; null: the first one is thrown.</param>
    /// <param name="progress">Gets the number of texts compared.</param>
    /// <exception cref="ColbertException">What encoding throws.</exception>
    public static ColbertParity Compare(
        ColbertModel model, ColbertModel reference, IEnumerable<string>? queries = null, IEnumerable<string>? documents = null,
        ColbertParityOptions? options = null,
        Action<ColbertTextParity>? accept = null, Action<ColbertException, string>? report = null,
        IProgress<ColbertProgress>? progress = null, CancellationToken cancellation = default)
    {
        if (queries is null && documents is null) (queries, documents) = (ReferenceTexts.Queries, ReferenceTexts.Documents);
        using var comparison = new ColbertComparison(model, reference, options, accept, report, cancellation);
        foreach ((IEnumerable<string>? list, TextKind kind) in new[] { (queries, TextKind.Query), (documents, TextKind.Document) })
        {
            foreach (string text in list ?? [])
            {
                comparison.Add(text, kind);
                progress?.Report(new ColbertProgress("texts", comparison.Done));
            }
        }

        return comparison.Complete();
    }

    /// <summary>
    /// Writes what a model gives for texts, for later comparisons: NAME.safetensors (token vectors) and NAME.json (texts and settings).
    /// The same model and texts give the same bytes. What fails or is cancelled leaves what was there before.
    /// </summary>
    /// <param name="path">NAME.safetensors or NAME.json.</param>
    /// <param name="queries">Null, as well as documents: a set of texts on which encoders differ.</param>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.OutputExists"/>, <see cref="ColbertErrorId.OutputFailed"/>,
    /// <see cref="ColbertErrorId.InputInvalid"/>: a text that cannot be encoded, or no texts.</exception>
    public static void Write(
        ColbertModel model, string path, IEnumerable<string>? queries = null, IEnumerable<string>? documents = null, bool force = false,
        IProgress<ColbertProgress>? progress = null, CancellationToken cancellation = default)
    {
        if (queries is null && documents is null) (queries, documents) = (ReferenceTexts.Queries, ReferenceTexts.Documents);
        using var writer = new ReferenceWriter(path, model, force);
        long count = 0;
        foreach ((IEnumerable<string>? texts, TextKind kind) in new[] { (queries, TextKind.Query), (documents, TextKind.Document) })
        {
            if (texts is null) continue;
            EncoderPass.Run(model.Lanes, texts, EncodeOptions.Of(model.Settings, kind), embedding =>
            {
                writer.Write(embedding);
                count++;
                progress?.Report(new ColbertProgress("texts", count));
            }, cancellation);
        }

        writer.Complete();
    }
}
