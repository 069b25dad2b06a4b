using ColbertOnnx.IO;

namespace ColbertOnnx.Hub;

/// <summary>Where checkpoints of the hub are exported to, once: folders in the user's cache.</summary>
internal static class HubExports
{
    /// <summary>
    /// The folder's name holds the commit: other weights are another folder. Two processes write the same bytes, and each moves its own
    /// into place.
    /// </summary>
    /// <param name="name">The model's name on the hub.</param>
    /// <param name="snapshot">The folder that the hub's cache has of a commit.</param>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.OutputFailed"/>: there is no place that is this user's
    /// alone.</exception>
    public static string FolderOf(string name, string snapshot)
    {
        string cache = UserCache.Folder ?? throw NoPlace("There is no home folder for what is exported.", null);
        string[] levels =
        [
            "models", name.Replace("/", "--", StringComparison.Ordinal), Path.GetFileName(snapshot),
            name[(name.IndexOf('/', StringComparison.Ordinal) + 1)..],
        ];
        string folder = Path.Combine([cache, .. levels]);
        OutputGuard.Run(folder, () =>
        {
            // A model that others put there would be taken for the one that is asked for.
            if (Ownership.Claim(cache, levels[..^1]) is { } reason) throw NoPlace($"{reason}, so that no model is kept there.", cache);
            Ownership.Close(folder);
            if (Ownership.WhyNot(folder) is { } why) throw NoPlace($"'{folder}' {why}, so that it is not used.", folder);
        });
        return folder;
    }

    private static ColbertException NoPlace(string message, string? target) =>
        new(ColbertErrorId.OutputFailed, message, target, $"{UserHome.Advice} Or name a folder of yours in {UserCache.Variable}.");
}
