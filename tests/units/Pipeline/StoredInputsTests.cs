using ColbertOnnx.Modeling;
using ColbertOnnx.Pipeline;

namespace ColbertOnnx.Tests.Pipeline;

/// <summary>
/// Every stored input taken apart and laid out again: whatever the tokenizer, the rules of the input must give PyLate's ids, mask and
/// selection.
/// </summary>
public sealed class StoredInputsTests(ITestOutputHelper output)
{
    [Fact]
    public void Rules_06_07_08_10_11_every_stored_input_is_laid_out_as_PyLate_lays_it_out()
    {
        var input = new ModelInput();
        int inputs = 0, runs = 0;
        foreach (string name in ReferenceCase.PylateNames)
        {
            using ReferenceCase reference = ReferenceCase.Load(name);
            foreach (ReferenceRun run in reference.Runs.Where(r => !r.ExpectsError && r.HasRows))
            {
                ResolvedSettings resolved = ResolvedReference.Of(reference, run);
                for (int i = 0; i < reference.Texts.Count; i++)
                {
                    int[] content = Content(resolved, run.Kind, run.Ids(i), run.AttentionMask(i));
                    InputBuilder.Arrange(resolved, run.Kind, content, input);
                    TokenMask.Select(resolved, run.Kind, input);
                    InputAssert.Equal(run, i, input);
                    inputs++;
                }

                runs++;
            }
        }

        output.WriteLine($"{inputs} inputs of {runs} runs");
        Assert.True(runs >= 240, "the reference cases are there");
    }

    private static int[] Content(ResolvedSettings resolved, TextKind kind, ReadOnlySpan<int> ids, ReadOnlySpan<byte> attention)
    {
        List<int> content = [.. ids];
        List<byte> mask = [.. attention];
        if (resolved.PrefixIdOf(kind) is not null)
        {
            int index = Math.Min(1, content.Count - 1);
            content.RemoveAt(index);
            mask.RemoveAt(index);
        }

        QueryExpansion expansion = resolved.ExpansionOf(kind);
        if (expansion == QueryExpansion.Attend)
        {
            int count = content.Count;
            while (count > 0 && content[count - 1] == resolved.ExpansionTokenId) count--;
            return [.. content.Take(count)];
        }

        return [.. content.Where((_, i) => mask[i] == 1)];
    }
}
