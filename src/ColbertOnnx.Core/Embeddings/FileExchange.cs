using ColbertOnnx.IO;

namespace ColbertOnnx.Embeddings;

/// <summary>
/// Puts files of a folder in the place of others, one after the other. Nothing is removed before all are there: earlier files are moved
/// aside and come back when something fails, and a process that is killed in between leaves both.
/// </summary>
/// <param name="folder">Where the files go.</param>
/// <param name="arrived">Folder with the new ones.</param>
/// <param name="aside">Folder for the earlier ones, in the same file system: <see cref="StagingFolder.Aside"/> of a place to
/// gather.</param>
internal sealed class FileExchange(string folder, string arrived, string aside)
{
    private readonly List<string> placed = [];

    public IReadOnlyList<string> Placed => placed;

    /// <summary>Also a link that leads nowhere, for which File.Exists says true.</summary>
    public void PutAside(string name)
    {
        string file = Path.Combine(folder, name), earlier = Path.Combine(aside, name);
        if (!File.Exists(file)) return;
        Directory.CreateDirectory(aside);

        // What is there already is from before an exchange that was killed, and this is a piece of that.
        if (File.Exists(earlier)) File.Delete(file);
        else File.Move(file, earlier);
    }

    public void Place(string name)
    {
        PutAside(name);
        File.Move(Path.Combine(arrived, name), Path.Combine(folder, name));
        placed.Add(name);
    }

    /// <summary>As far as it goes: something failed already.</summary>
    /// <param name="isLast">Files that come back behind all others.</param>
    /// <returns>False: something earlier is still aside.</returns>
    public bool Undo(Func<string, bool> isLast)
    {
        bool isDone = true;
        foreach (string name in Enumerable.Reverse(placed)) Back(Path.Combine(folder, name), Path.Combine(arrived, name));
        if (Directory.Exists(aside))
            foreach (string name in Directory.GetFiles(aside).Select(file => Path.GetFileName(file)).OrderBy(isLast))
                Back(Path.Combine(aside, name), Path.Combine(folder, name));
        // A later run reads from it how far this one came.
        if (isDone) StagingName.Delete(aside);
        return isDone;

        void Back(string from, string to)
        {
            try
            {
                File.Move(from, to);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                isDone = false;
            }
        }
    }

    /// <summary>The error where not everything came back.</summary>
    public IOException NotBack(Exception error)
    {
        StagingName.Show(aside);
        return new IOException($"{error.Message} What was there before is in '{aside}'.", error);
    }

    /// <summary>All are there: what was put aside goes.</summary>
    public void Complete() => StagingName.Delete(aside);
}
