using ColbertOnnx.Embeddings;
using ColbertOnnx.Onnx;

namespace ColbertOnnx.Export;

/// <summary>
/// A model folder in the making: files gather in a hidden folder and move when all are there, so that an export that ends early
/// leaves what was there before. Other files of an existing folder stay.
/// </summary>
internal sealed class StagedFolder : IDisposable
{
    private const string Files = "files";
    private readonly string target;
    private readonly StagingFolder staging;
    private readonly bool existed;
    private readonly string[] earlier;
    private bool isOver;

    /// <param name="target">Full path of the folder.</param>
    /// <param name="names">Files that belong together. Of those that are there, the ones that are not written again go.</param>
    /// <param name="force">Replace those that are there.</param>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.OutputExists"/>, <see cref="ColbertErrorId.OutputFailed"/>.</exception>
    public StagedFolder(string target, IReadOnlyCollection<string> names, bool force)
    {
        this.target = target = OutputTarget.Of(target);
        existed = Directory.Exists(target);
        if (File.Exists(target)) throw OutputGuard.Exists(target);
        earlier = [.. names.Select(name => System.IO.Path.Combine(target, name)).Where(File.Exists)];
        if (!force && earlier.Concat(names.Select(name => OnnxWriter.DataOf(System.IO.Path.Combine(target, name)))).FirstOrDefault(File.Exists) is { } old) throw OutputGuard.Exists(old);
        StagingFolder? gathering = null;
        OutputGuard.Run(target, () =>
        {
            gathering = existed ? new StagingFolder(target, "model", target) : new StagingFolder(System.IO.Path.GetDirectoryName(target)!, System.IO.Path.GetFileName(target), target);
            StagingName.Becomes(gathering.FileOf(Files), target);
            Directory.CreateDirectory(gathering.FileOf(Files));
        });
        staging = gathering!;
        Path = staging.FileOf(Files);
    }

    /// <summary>Where to write.</summary>
    public string Path { get; }

    public string FileOf(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Does what reads or writes here. Its errors name the folder that the files are for: this one is gone when they are read.</summary>
    public T Named<T>(Func<T> action)
    {
        try
        {
            return action();
        }
        catch (ColbertException e) when (e.Message.Contains(Path, StringComparison.Ordinal) || e.Target?.Contains(Path, StringComparison.Ordinal) == true)
        {
            throw new ColbertException(e.Id, e.Message.Replace(Path, target, StringComparison.Ordinal), e.Target?.Replace(Path, target, StringComparison.Ordinal), e.Action, e.InnerException);
        }
    }

    /// <summary>Moves everything to where it belongs.</summary>
    public void Complete() => OutputGuard.Run(target, () =>
    {
        if (!existed && !Directory.Exists(target))
        {
            Directory.Move(Path, target);
        }
        else
        {
            // The graph last: it is what makes the folder a model, and its weights must be there by then. Weights of an earlier one go.
            foreach (string graph in Directory.EnumerateFiles(Path, "*.onnx"))
                if (!File.Exists(OnnxWriter.DataOf(graph))) File.Delete(OnnxWriter.DataOf(System.IO.Path.Combine(target, System.IO.Path.GetFileName(graph))));
            foreach (string old in earlier.Where(old => !File.Exists(FileOf(System.IO.Path.GetFileName(old)))))
            {
                File.Delete(old);
                File.Delete(OnnxWriter.DataOf(old));
            }

            foreach (string file in Directory.EnumerateFiles(Path).OrderBy(file => file.EndsWith(".onnx", StringComparison.Ordinal)))
                File.Move(file, System.IO.Path.Combine(target, System.IO.Path.GetFileName(file)), overwrite: true);
        }

        Dispose();
    });

    public void Dispose()
    {
        if (!isOver) staging.Dispose();
        isOver = true;
    }
}
