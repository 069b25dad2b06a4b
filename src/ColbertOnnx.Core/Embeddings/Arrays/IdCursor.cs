using System.Globalization;
using System.Text;

namespace ColbertOnnx.Embeddings.Arrays;

/// <summary>Ids or texts in an array of integers or of NumPy's strings (U: UTF-32, S: UTF-8, padded with zeros).</summary>
internal sealed class IdCursor : IDisposable
{
    private readonly StoredArray array;
    private readonly ArrayCursor? numbers;
    private readonly Stream? strings;
    private readonly byte[] element = [];
    private readonly Encoding encoding = new UTF8Encoding(false, throwOnInvalidBytes: true);

    public IdCursor(StoredArray array)
    {
        this.array = array;
        if (array.IsInteger)
        {
            numbers = array.Read();
            return;
        }

        string type = array.TypeName.TrimStart('<', '>', '|', '=');
        bool isWide = type.StartsWith('U');
        if ((!isWide && !type.StartsWith('S'))
            || !int.TryParse(type.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out int length))
            throw array.Invalid(
                $"its elements of type {array.TypeName} are neither whole numbers nor strings.",
                "Convert them: a.astype(str).");
        if (length > Limits.LongestArrayString / (isWide ? 4 : 1))
            throw array.Invalid(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"its strings of type {array.TypeName} are longer than {Limits.LongestArrayString} bytes (the limit "
                        + $"LongestArrayString)."));
        if (isWide) encoding = new UTF32Encoding(array.IsBigEndian, byteOrderMark: false, throwOnInvalidCharacters: true);
        element = new byte[isWide ? length * 4 : length];
        strings = EmbeddingErrors.Guard(array.Location, array.Open);
    }

    public string Read()
    {
        if (numbers is not null) return numbers.ReadDigits();
        EmbeddingErrors.Guard(array.Location, () =>
        {
            strings!.ReadExactly(element);
            return 0;
        });
        try
        {
            return encoding.GetString(element).TrimEnd('\0');
        }
        catch (DecoderFallbackException error)
        {
            throw EmbeddingErrors.Invalid(
                array.Location,
                $"one of its strings is not {(encoding is UTF8Encoding ? "UTF-8" : "Unicode")}.",
                "Convert them: a.astype(str).",
                error);
        }
    }

    public void Dispose()
    {
        numbers?.Dispose();
        strings?.Dispose();
    }
}
