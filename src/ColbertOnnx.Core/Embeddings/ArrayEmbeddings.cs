using System.Globalization;
using ColbertOnnx.Embeddings.Arrays;
using ColbertOnnx.Safetensors;

namespace ColbertOnnx.Embeddings;

/// <summary>Embeddings in arrays: one for each text, or many in one.</summary>
internal static class ArrayEmbeddings
{
    // A file with more arrays has one for each text. Fewer are looked at together first.
    private const int MostTogether = 32;

    public static IEnumerable<StoredEmbedding> Read(IArrayFile file, EmbeddingReaderOptions options)
    {
        using IArrayFile owned = file;
        var members = new ArrayMembers(file, options.Notice);
        IReadOnlyList<TextSource> texts = TextSource.Of(file, options);
        try
        {
            foreach (StoredEmbedding embedding in Read(file, members, texts)) yield return embedding;
            foreach (TextSource source in texts) source.End();
        }
        finally
        {
            foreach (TextSource source in texts) source.Dispose();
        }
    }

    private static IEnumerable<StoredEmbedding> Read(IArrayFile file, ArrayMembers members, IReadOnlyList<TextSource> texts)
    {
        StoredArray[] first = [.. members.Arrays().Take(MostTogether + 1)];
        if (first.Length == 0) members.RefuseNothing();
        if (first.Length > MostTogether || ArrayGroup.Find(first) is not { } groups) return ReadEach(file, members, texts);
        if (groups.Count > 1 && texts.Count > 0 && file.Find(TextSource.ArrayName) is { } array)
            throw array.Invalid(
                "it is not clear to which of the arrays these texts belong.", "Write one array with offsets into a file with texts.");
        EmbeddingType? type = TypeOf(file);
        int? dimension = file.Metadata.TryGetValue("dimension", out string? said)
            && int.TryParse(said, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;
        return groups.SelectMany(group => GroupReader.Read(group, type, dimension).Select(embedding => Named(embedding, "", texts)));
    }

    private static IEnumerable<StoredEmbedding> ReadEach(IArrayFile file, ArrayMembers members, IReadOnlyList<TextSource> texts)
    {
        using var ids = new IdSources(file);
        using IEnumerator<StoredArray> arrays = members.Arrays().GetEnumerator();
        bool more = arrays.MoveNext();
        while (more)
        {
            StoredArray array = arrays.Current;
            more = arrays.MoveNext();
            if (TextSource.IsIn(array) || ids.Hold(array)) continue;
            StoredArray? scales = null;
            if (more && arrays.Current.Name == array.Name + ScaleSuffix)
            {
                scales = arrays.Current;
                more = arrays.MoveNext();
            }
            else if (file is SafetensorsArrays && array.Type == SafetensorsType.I8)
            {
                scales = file.Find(array.Name + ScaleSuffix);
            }
            else if (file is SafetensorsArrays && array.Name.EndsWith(ScaleSuffix, StringComparison.Ordinal)
                && file.Find(array.Name[..^ScaleSuffix.Length]) is not null)
            {
                continue;
            }

            StoredText? text = texts.FirstOrDefault(source => source.Covers(array.Name))?.Next(array.Name, array.Location);
            StoredEmbedding embedding = MatrixReader.Read(array, scales, text);
            string? id = ids.Next(array);
            yield return embedding with
            {
                Name = array.Name,
                Id = embedding.Id ?? id,
                Kind = embedding.Kind ?? ArrayNames.KindOf(array.Name),
            };
        }

        ids.End();
    }

    /// <summary>What stands behind an array's name in the name of its scales.</summary>
    public const string ScaleSuffix = ".scale";

    private static StoredEmbedding Named(StoredEmbedding embedding, string array, IReadOnlyList<TextSource> texts)
    {
        if (texts.Count == 0) return embedding;
        StoredText text = texts[0].Next(array, embedding.Location);
        StoredEmbedding named = text.With(embedding.Values, embedding.Dimension, embedding.Location);
        return named with { Id = named.Id ?? embedding.Id, Kind = named.Kind ?? embedding.Kind };
    }

    private static EmbeddingType? TypeOf(IArrayFile file)
    {
        if (!file.Metadata.TryGetValue("format", out string? format) || format != SafetensorsLayout.Format
            || !file.Metadata.TryGetValue("type", out string? name))
            return null;
        return EmbeddingTypes.TryParse(name, out EmbeddingType type)
            ? type
            : throw EmbeddingErrors.Invalid(file.Path, $"there is no type '{name}'.", "Read it with a newer version.");
    }
}
