using ColbertOnnx.Embeddings;
using ColbertOnnx.IO;
using ColbertOnnx.Onnx;

namespace ColbertOnnx.Export;

/// <summary>
/// A model folder in the making: files gather in a hidden folder and move when all are there, so that an export that ends early
/// leaves what was there before. Other files of an existing folder stay. While earlier files are replaced the folder has no graph: no model
/// is opened that is half of one and half of the other.
/// </summary>
internal sealed class StagedFolder : IDisposable
{
    private const string Files = "files";
    private readonly string target, gatheredIn, gatheredAs;
    private readonly StagingFolder staging;
    private readonly string[] names;
    private readonly bool force, existed;
    private bool isOver;

    /// <param name="target">Full path of the folder.</param>
    /// <param name="names">Files that belong together. Of those that are there, the ones that are not written again go.</param>
    /// <param name="force">Replace those that are there.</param>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.OutputExists"/>, <see cref="ColbertErrorId.OutputFailed"/>.</exception>
    public StagedFolder(string target, IReadOnlyCollection<string> names, bool force)
    {
        this.target = target = OutputTarget.Of(target);
        this.force = force;
        this.names = [.. names, .. names.Where(IsGraph).Select(OnnxWriter.DataOf)];
        existed = Directory.Exists(target);
        if (File.Exists(target)) throw OutputGuard.Exists(target);
        RefuseEarlier();
        (gatheredIn, gatheredAs) = existed
            ? (target, "model")
            : (System.IO.Path.GetDirectoryName(target)!, System.IO.Path.GetFileName(target));
        StagingFolder? gathering = null;
        OutputGuard.Run(target, () =>
        {
            gathering = new StagingFolder(gatheredIn, gatheredAs, target);
            StagingName.Becomes(gathering.FileOf(Files), target);
            Directory.CreateDirectory(gathering.FileOf(Files));
        });
        staging = gathering!;
        Path = staging.FileOf(Files);
    }

    /// <summary>Where to write.</summary>
    public string Path { get; }

    public string FileOf(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>
    /// Does what reads or writes here. Its errors name the folder that the files are for: this one is gone when they are read.
    /// </summary>
    public T Named<T>(Func<T> action)
    {
        try
        {
            return action();
        }
        catch (ColbertException e) when (e.Message.Contains(Path, StringComparison.Ordinal)
            || e.Target?.Contains(Path, StringComparison.Ordinal) == true)
        {
            throw new ColbertException(
                e.Id, e.Message.Replace(Path, target, StringComparison.Ordinal), e.Target?.Replace(Path, target, StringComparison.Ordinal),
                e.Action, e.InnerException);
        }
    }

    /// <summary>Moves everything to where it belongs.</summary>
    public void Complete()
    {
        OutputGuard.Run(target, () =>
        {
            if (!TryMove())
            {
                RefuseEarlier();
                Exchange();
            }

            Dispose();
            StagingFolder.RemoveLeftovers(gatheredIn, gatheredAs, isReplaced: true);
        });
    }

    public void Dispose()
    {
        if (!isOver) staging.Dispose();
        isOver = true;
    }

    private static bool IsGraph(string name) => name.EndsWith(".onnx", StringComparison.Ordinal);

    private void RefuseEarlier()
    {
        if (!force && names.Select(name => System.IO.Path.Combine(target, name)).FirstOrDefault(File.Exists) is { } old)
            throw OutputGuard.Exists(old);
    }

    // Another process may make the folder at any time.
    private bool TryMove()
    {
        if (existed || Directory.Exists(target)) return false;
        try
        {
            Directory.Move(Path, target);
            return true;
        }
        catch (IOException) when (Directory.Exists(target))
        {
            return false;
        }
    }

    private bool IsSame(string name)
    {
        var there = new FileInfo(System.IO.Path.Combine(target, name));
        var here = new FileInfo(FileOf(name));
        if (there.LinkTarget is not null || there.Length != here.Length || RegularFile.WhyNot(there.FullName) is not null) return false;
        using FileStream one = there.OpenRead(), other = here.OpenRead();
        byte[] part = new byte[128 * 1024], same = new byte[part.Length];
        for (int read; (read = one.ReadAtLeast(part, part.Length, throwOnEndOfStream: false)) > 0;)
            if (other.ReadAtLeast(same.AsSpan(0, read), read, throwOnEndOfStream: false) != read
                || !part.AsSpan(0, read).SequenceEqual(same.AsSpan(0, read)))
                return false;
        return true;
    }

    // The graphs leave first and arrive last: they are what makes the folder a model, and its other files must be theirs.
    private void Exchange()
    {
        string[] arrived = [.. Directory.EnumerateFiles(Path).Select(file => System.IO.Path.GetFileName(file))];
        if (names.Union(arrived).Where(name => File.Exists(System.IO.Path.Combine(target, name)))
            .All(name => arrived.Contains(name) && IsSame(name)))
        {
            // Nothing is replaced: two processes may have made the same model, and one of them opens it already.
            foreach (string name in arrived.Where(name => !File.Exists(System.IO.Path.Combine(target, name))).OrderBy(IsGraph))
                File.Move(FileOf(name), System.IO.Path.Combine(target, name), overwrite: true);
            return;
        }

        var files = new FileExchange(target, Path, staging.FileOf(StagingFolder.Aside));

        // A signal that ends the process leaves what is gathered: both models are in it.
        StagingName.Keep(staging.Path);
        try
        {
            foreach (string name in names.Union(arrived).OrderByDescending(IsGraph)) files.PutAside(name);
            foreach (string name in arrived.OrderBy(IsGraph)) files.Place(name);
        }
        catch (Exception error)
        {
            if (!files.Undo(IsGraph)) throw files.NotBack(error);
            throw;
        }

        files.Complete();
    }
}
