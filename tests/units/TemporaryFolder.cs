namespace ColbertOnnx.Tests;

/// <summary>A folder that goes away with the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("colbert-test-").FullName;

    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Writes a file into it, below new folders where the name has some.</summary>
    public TemporaryFolder With(string name, string content = "")
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(File(name))!);
        System.IO.File.WriteAllText(File(name), content);
        return this;
    }

    /// <summary>Copies the files of a folder into it.</summary>
    public TemporaryFolder Copy(string source)
    {
        foreach (string file in Directory.EnumerateFiles(source))
            System.IO.File.Copy(file, File(System.IO.Path.GetFileName(file)), overwrite: true);
        return this;
    }

    /// <summary>Copies a folder with the folders in it.</summary>
    public TemporaryFolder CopyAll(string source)
    {
        foreach (string file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            string target = File(System.IO.Path.GetRelativePath(source, file));
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(target)!);
            System.IO.File.Copy(file, target, overwrite: true);
        }

        return this;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
