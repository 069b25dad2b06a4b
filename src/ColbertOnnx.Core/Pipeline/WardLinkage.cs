namespace ColbertOnnx.Pipeline;

/// <summary>
/// Agglomerative clustering by Ward's criterion, cut by the number of clusters: what SciPy answers for
/// <c>fcluster(linkage(d, 'ward'), k, 'maxclust')</c>, numbers of the clusters and order of work included. Holds scratch
/// memory, about 4 n² bytes for n points; one for each lane.
/// </summary>
internal sealed class WardLinkage
{
    private double[] distances = [];
    private int[] sizes = [];
    private int[] chain = [];
    private int[] order = [];
    private (int Left, int Right, double Height)[] merges = [];
    private (int Left, int Right, double Height)[] tree = [];
    private int[] roots = [];
    private bool[] visited = [];
    private int[] path = [];

    /// <summary>
    /// Room for the distances of this many points, pair (0,1), (0,2) … (1,2) …; to be filled before <see cref="Cluster"/>, which overwrites
    /// it.
    /// </summary>
    public Span<double> Distances(int points)
    {
        int pairs = checked(points * (points - 1) / 2);
        if (distances.Length < pairs) distances = new double[pairs];
        if (sizes.Length < points)
        {
            sizes = new int[points];
            chain = new int[points];
            order = new int[points];
            path = new int[points];
            merges = new (int, int, double)[points];
            tree = new (int, int, double)[points];
            roots = new int[points * 2];
            visited = new bool[points * 2];
        }

        return distances.AsSpan(0, pairs);
    }

    /// <summary>
    /// Writes the 1-based cluster of every point to <paramref name="labels"/> and returns the number of clusters. That is
    /// at most <paramref name="clusters"/>: merges of exactly the same height are done together.
    /// </summary>
    public int Cluster(int clusters, Span<int> labels, CancellationToken cancellation = default)
    {
        int points = labels.Length;
        if (points == 1)
        {
            labels[0] = 1;
            return 1;
        }

        Merge(points, cancellation);
        SortMerges(points);
        BuildTree(points);

        // Heights ascend now, so the lowest height that leaves few enough clusters is the one of this merge.
        double cut = tree[Math.Clamp(points - clusters - 1, 0, points - 2)].Height;
        return Label(points, cut, labels);
    }

    // Follows nearest neighbours until two are each other's, and merges those. On equal distances the one before in the
    // chain wins, then the first: that decides the tree where distances are tied.
    private void Merge(int points, CancellationToken cancellation)
    {
        sizes.AsSpan(0, points).Fill(1);
        int length = 0;
        for (int merge = 0; merge < points - 1; merge++)
        {
            if (length == 0)
            {
                chain[0] = sizes.AsSpan(0, points).IndexOfAnyExcept(0);
                length = 1;
            }

            int x, y;
            double nearest;
            while (true)
            {
                cancellation.ThrowIfCancellationRequested();
                x = chain[length - 1];
                y = length > 1 ? chain[length - 2] : -1;
                nearest = length > 1 ? distances[Index(points, x, y)] : double.PositiveInfinity;
                for (int i = 0; i < points; i++)
                {
                    if (sizes[i] == 0 || i == x) continue;
                    double distance = distances[Index(points, x, i)];
                    if (distance < nearest)
                    {
                        nearest = distance;
                        y = i;
                    }
                }

                if (length > 1 && y == chain[length - 2]) break;
                chain[length++] = y;
            }

            length -= 2;
            if (x > y) (x, y) = (y, x);
            merges[merge] = (x, y, nearest);
            Join(points, x, y, nearest);
        }
    }

    // The cluster keeps the place of its second part; the first one's is given up.
    private void Join(int points, int x, int y, double between)
    {
        int sizeX = sizes[x], sizeY = sizes[y];
        sizes[x] = 0;
        sizes[y] = sizeX + sizeY;
        for (int i = 0; i < points; i++)
        {
            int size = sizes[i];
            if (size == 0 || i == y) continue;
            double toX = distances[Index(points, i, x)];
            ref double toY = ref distances[Index(points, i, y)];
            double t = 1.0 / (sizeX + sizeY + size);
            toY = Math.Sqrt(((size + sizeX) * t * toX * toX) + ((size + sizeY) * t * toY * toY) - (size * t * between * between));
        }
    }

    // A stable sort: merges of equal height stay in the order of work.
    private void SortMerges(int points)
    {
        Span<int> indices = order.AsSpan(0, points - 1);
        for (int i = 0; i < indices.Length; i++) indices[i] = i;
        var heights = merges;
        indices.Sort((a, b) => heights[a].Height.CompareTo(heights[b].Height) is not 0 and var sign ? sign : a.CompareTo(b));
    }

    // Points become leaves 0 to n - 1, the merges inner nodes n to 2n - 2; the smaller number goes left.
    private void BuildTree(int points)
    {
        for (int i = 0; i < points * 2; i++) roots[i] = i;
        for (int i = 0; i < points - 1; i++)
        {
            (int x, int y, double height) = merges[order[i]];
            int left = Root(x), right = Root(y);
            tree[i] = (Math.Min(left, right), Math.Max(left, right), height);
            roots[left] = roots[right] = points + i;
        }
    }

    private int Root(int node)
    {
        int root = node;
        while (roots[root] != root) root = roots[root];
        while (roots[node] != root) (roots[node], node) = (root, roots[node]);
        return root;
    }

    // Numbers are given on the way back from the inner children, so that leaves of a node come after its subtrees.
    private int Label(int points, double cut, Span<int> labels)
    {
        visited.AsSpan(0, points * 2).Clear();
        int count = 0, leader = -1, depth = 0;
        path[0] = (points * 2) - 2;
        while (depth >= 0)
        {
            int node = path[depth] - points;
            (int left, int right, double height) = tree[node];
            if (leader < 0 && height <= cut)
            {
                leader = node;
                count++;
            }

            if (Enter(left) || Enter(right)) continue;
            if (left < points) labels[left] = leader < 0 ? ++count : count;
            if (right < points) labels[right] = leader < 0 ? ++count : count;
            if (leader == node) leader = -1;
            depth--;
        }

        return count;

        bool Enter(int child)
        {
            if (child < points || visited[child]) return false;
            visited[child] = true;
            path[++depth] = child;
            return true;
        }
    }

    private static int Index(int points, int a, int b)
    {
        if (a > b) (a, b) = (b, a);
        return (a * points) - (a * (a + 1) / 2) + b - a - 1;
    }
}
