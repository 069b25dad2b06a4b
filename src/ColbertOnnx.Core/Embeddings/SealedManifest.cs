using ColbertOnnx.IO;

namespace ColbertOnnx.Embeddings;

/// <summary>
/// An output gets its name in one move and its manifest in another. A process that was ended between the two has left the manifest where
/// the output gathered, and the next one to ask for that output puts it in its place. Ended behind that, it has left rubbish, which goes.
/// </summary>
internal static class SealedManifest
{
    /// <param name="target">The output, which is there.</param>
    /// <param name="manifest">Where its manifest belongs.</param>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.OutputHeld"/>: a process is at it.</exception>
    public static void Place(string target, string manifest)
    {
        RemoveRubbish(target, manifest);
        foreach (string partial in StagedWriter.PartialsOf(target))
        {
            string found = Path.Combine(partial, Path.GetFileName(manifest));
            if (!File.Exists(found) || !Ownership.IsUsers(partial)) continue;
            OutputGuard.Run(target, () =>
            {
                bool isPlaced = false;
                using (OutputLock.Take(partial, target))
                {
                    if (IsOf(found, target))
                    {
                        ManifestPlace.RefuseOthers(manifest);
                        // That process may have placed the errors already.
                        ManifestPlace.Put(
                            found, Path.Combine(partial, StagedWriter.PartsFolder, StagedWriter.Errors), manifest,
                            keepsErrors: RunManifest.Read(found).Counts.Errors > 0);
                        isPlaced = true;
                    }
                }

                if (isPlaced) StagingName.Delete(partial);
            });
        }
    }

    /// <summary>Removes what a process left that was ended when both were in their places.</summary>
    /// <inheritdoc cref="Place"/>
    public static void RemoveRubbish(string target, string manifest)
    {
        foreach (string partial in StagedWriter.PartialsOf(target))
            if (!File.Exists(Path.Combine(partial, Path.GetFileName(manifest)))) ResumeJournal.RemoveLeft(partial, isWanted: _ => true);
    }

    private static bool IsOf(string manifest, string target)
    {
        try
        {
            return new FileInfo(manifest).Length > 0 && RunManifest.Read(manifest).FindChange(target) is null;
        }
        catch (ColbertException)
        {
            // It was not written to its end.
            return false;
        }
    }
}
