namespace ColbertOnnx.Embeddings.Arrays;

/// <summary>The arrays of a file that may hold embeddings or what belongs to them. Others are skipped, and reported once.</summary>
internal sealed class ArrayMembers(IArrayFile file, Action<string>? notice)
{
    private readonly HashSet<string> told = new(StringComparer.Ordinal);
    private StoredArray? passed;

    public IEnumerable<StoredArray> Arrays() => file.Arrays().Where(IsArray);

    /// <summary>For a file that has only what is passed over.</summary>
    public void RefuseNothing()
    {
        if (passed is not null)
            throw passed.Invalid(
                $"{passed.NoArray}, and nothing else in '{Path.GetFileName(file.Path)}' holds embeddings.",
                "Write the arrays with numpy.savez or numpy.save.");
    }

    private bool IsArray(StoredArray array)
    {
        if (array.NoArray is not { } why) return true;
        passed ??= array;
        if (told.Add(array.Name)) notice?.Invoke($"{array.Location} is passed over: {why}.");
        return false;
    }
}
