namespace DiffusionSharp.Text;

/// <summary>A tree of byte strings with a value each, walked a byte at a time from <see cref="Root"/>.</summary>
internal sealed class ByteTrie
{
    public const int Root = 0;

    // Nodes are numbered level by level, so that the children of node i are all from _firstChild[i] to before _firstChild[i + 1].
    private readonly byte[] _labels;
    private readonly int[] _firstChild;
    private readonly int[] _values;

    /// <summary>Builds the tree.</summary>
    /// <param name="entries">Distinct, not empty strings, each with a value that is not negative.</param>
    public ByteTrie(IEnumerable<(byte[] Key, int Value)> entries)
    {
        (byte[] Key, int Value)[] sorted = [.. entries];
        Array.Sort(sorted, static (a, b) => a.Key.AsSpan().SequenceCompareTo(b.Key));
        var nodes = new List<Node> { new(0, 0, sorted.Length, 0) };
        var firstChild = new List<int>();
        for (int i = 0; i < nodes.Count; i++)
        {
            firstChild.Add(nodes.Count);
            AddChildren(sorted, nodes[i], nodes);
        }

        firstChild.Add(nodes.Count);
        _firstChild = [.. firstChild];
        _labels = [.. nodes.Select(node => node.Label)];
        _values = [.. nodes.Select(node => node.Start < node.End && sorted[node.Start].Key.Length == node.Depth ? sorted[node.Start].Value : -1)];
    }

    /// <summary>Goes on from a node by one byte.</summary>
    /// <returns>Whether there is a string that goes on so.</returns>
    public bool TryStep(ref int node, byte label)
    {
        int first = _firstChild[node];
        int index = _labels.AsSpan(first, _firstChild[node + 1] - first).IndexOf(label);
        node = first + index;
        return index >= 0;
    }

    /// <summary>The value of the string that ends at a node, or -1 where none does.</summary>
    public int ValueAt(int node) => _values[node];

    // The strings from start to end are alike up to the node's depth; the one that ends there is the first of them.
    private static void AddChildren((byte[] Key, int Value)[] sorted, Node node, List<Node> nodes)
    {
        int start = node.Start;
        while (start < node.End && sorted[start].Key.Length == node.Depth)
        {
            start++;
        }

        while (start < node.End)
        {
            byte label = sorted[start].Key[node.Depth];
            int end = start + 1;
            while (end < node.End && sorted[end].Key[node.Depth] == label)
            {
                end++;
            }

            nodes.Add(new Node(label, start, end, node.Depth + 1));
            start = end;
        }
    }

    private readonly record struct Node(byte Label, int Start, int End, int Depth);
}
