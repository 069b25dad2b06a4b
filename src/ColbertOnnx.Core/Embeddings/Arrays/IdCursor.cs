using System.Globalization;
using System.Text;

namespace ColbertOnnx.Embeddings.Arrays;

/// <summary>Names of texts in an array of whole numbers or of NumPy's strings (U: UTF-32, S: UTF-8, filled up with zeros).</summary>
internal sealed class IdCursor : IDisposable
{
    private const int MostBytes = 1 << 20;

    private readonly StoredArray array;
    private readonly ArrayCursor? numbers;
    private readonly Stream? strings;
    private readonly byte[] element = [];
    private readonly Encoding encoding = Encoding.UTF8;

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
        if ((!isWide && !type.StartsWith('S')) || !int.TryParse(type.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out int length) || length > MostBytes / 4)
            throw array.Invalid($"ids of type {array.TypeName} are neither whole numbers nor strings.", "Convert them: ids.astype(str).");
        if (isWide) encoding = new UTF32Encoding(array.IsBigEndian, byteOrderMark: false);
        element = new byte[isWide ? length * 4 : length];
        strings = EmbeddingErrors.Guard(array.Location, array.Open);
    }

    public string Read()
    {
        if (numbers is not null) return numbers.ReadInteger().ToString(CultureInfo.InvariantCulture);
        EmbeddingErrors.Guard(array.Location, () =>
        {
            strings!.ReadExactly(element);
            return 0;
        });
        return encoding.GetString(element).TrimEnd('\0');
    }

    public void Dispose()
    {
        numbers?.Dispose();
        strings?.Dispose();
    }
}
