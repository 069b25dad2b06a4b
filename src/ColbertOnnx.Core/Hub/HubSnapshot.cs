namespace ColbertOnnx.Hub;

/// <summary>A commit in the cache, asked without the network whether it holds all that a request needs.</summary>
internal sealed class HubSnapshot(HubRequest request, HubCache cache, string commit)
{
    /// <summary>
    /// What is missing, or null: the snapshot is complete. Where the list of the commit's files is not in the cache, its files are taken
    /// for the list, and must make a model that is certain to be whole.
    /// </summary>
    public string? Missing()
    {
        Dictionary<string, long>? listed = HubTree.Read(
            cache, commit)?.DistinctBy(file => file.Path).ToDictionary(file => file.Path, file => file.Size, StringComparer.Ordinal);
        HashSet<string> present = cache.Files(commit);
        if (present.Count == 0) return "no file of it";
        try
        {
            return Missing(listed, present);
        }
        catch (ColbertException e) when (e.Id is ColbertErrorId.ModelIncomplete or ColbertErrorId.ConfigurationInvalid)
        {
            return e.Message.TrimEnd('.');
        }
    }

    private string? Missing(Dictionary<string, long>? listed, HashSet<string> present)
    {
        IReadOnlySet<string> names = listed?.Keys.ToHashSet(StringComparer.Ordinal) ?? present;
        var contents = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        while (true)
        {
            HubSelection selection = HubSelection.Of(request, names, contents);
            IReadOnlyList<string> needed = selection.Unread.Count > 0 ? selection.Unread : selection.Files;
            if (needed.FirstOrDefault(name => !cache.Has(commit, name, listed?[name])) is { } missing)
                return $"{missing} is missing or broken";
            if (selection.Unread.Count == 0)
                return listed is not null || selection.IsCertain
                    ? null
                    : "no list says whether it is whole, and it lacks files of a ColBERT model";
            foreach (string name in selection.Unread) contents[name] = cache.Read(commit, name);
        }
    }
}
