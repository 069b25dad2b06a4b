using ColbertOnnx.Pipeline;

namespace ColbertOnnx.Tests.Pipeline;

/// <summary>Threads that the system does not give.</summary>
public sealed class LanePoolTests
{
    private static readonly LaneSettings Settings = new() { Name = "a model", Sessions = 3, Cpus = 3 };

    [Fact]
    public void Fewer_lanes_than_wanted_do()
    {
        using var session = new FakeSession();
        int started = 0;
        using (LanePool pool = Pool(session, lane =>
        {
            if (started == 1) throw new OutOfMemoryException();
            lane.Start();
            started++;
        }))
        {
            Assert.Equal(50, Encode(pool));
            Assert.Equal(50, Encode(pool));
        }

        Assert.Equal((1, true), (started, session.IsDisposed));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_stream_without_a_lane_is_an_error_and_the_next_one_tries_again(bool isLate)
    {
        using var session = new FakeSession();
        bool isShort = true;
        using (LanePool pool = Pool(session, lane =>
        {
            if (isShort) throw isLate ? Late() : new OutOfMemoryException("No thread.");
            lane.Start();
        }))
        {
            ColbertException error = Assert.Throws<ColbertException>(() => Encode(pool));
            Assert.Equal((ColbertErrorId.InsufficientMemory, "a model"), (error.Id, error.Target));
            Assert.NotEmpty(error.Action!);
            isShort = false;
            Assert.Equal(50, Encode(pool));
        }

        Assert.True(session.IsDisposed);
    }

    [Fact]
    public void A_model_that_never_had_a_lane_closes()
    {
        using var session = new FakeSession();
        LanePool pool = Pool(session, _ => throw new OutOfMemoryException());
        Assert.Throws<ColbertException>(() => Encode(pool));
        pool.Dispose();
        Assert.True(session.IsDisposed);
    }

    private static LanePool Pool(FakeSession session, Action<Lane> starter) =>
        new(session, () => new FakeInputs(), Settings) { Starter = starter };

    private static int Encode(LanePool pool) => TextStreams.Encode(
        pool, Enumerable.Repeat("a text", 50), new(TextKind.Document), TestContext.Current.CancellationToken).Count;

    // The runtime alone makes one.
    private static Exception Late() => (Exception)Activator.CreateInstance(typeof(ThreadStartException), nonPublic: true)!;
}
