namespace DiffusionSharp.Text;

/// <summary>
/// Byte-pair merging of one word in O(n log n): symbols in a linked list, mergeable pairs in a priority queue. A prompt can be one word of
/// 100 KB.
/// </summary>
internal sealed class LongWordMerger
{
    private const int Nowhere = -1;
    private const int Merged = -1;

    private readonly BytePairMerges _merges;
    private readonly int[] _symbols;
    private readonly int[] _next;
    private readonly int[] _previous;

    // Positions of mergeable pairs by rank * 2^32 + position: lowest rank first, then from left to right. An entry whose pair has
    // changed since is skipped when its turn comes.
    private readonly PriorityQueue<int, long> _pairs;

    /// <param name="symbols">The word; <see cref="Merge"/> leaves its result in the leading elements.</param>
    /// <param name="merges">The merges to apply.</param>
    public LongWordMerger(int[] symbols, BytePairMerges merges)
    {
        _merges = merges;
        _symbols = symbols;
        _next = new int[symbols.Length];
        _previous = new int[symbols.Length];
        _pairs = new PriorityQueue<int, long>(symbols.Length);
        for (int i = 0; i < symbols.Length; i++)
        {
            _previous[i] = i - 1;
            _next[i] = i + 1 < symbols.Length ? i + 1 : Nowhere;
        }
    }

    /// <summary>Merges in place.</summary>
    /// <returns>How many leading symbols hold the result.</returns>
    public int Merge()
    {
        for (int i = 0; i < _symbols.Length; i++)
        {
            Enqueue(i);
        }

        // All pairs of one rank go before any pair that they bring about, even one of lower rank.
        var round = new List<int>();
        while (_pairs.TryPeek(out _, out long lowest))
        {
            int rank = RankOf(lowest);
            round.Clear();
            while (_pairs.TryPeek(out int position, out long priority) && RankOf(priority) == rank)
            {
                _ = _pairs.Dequeue();
                round.Add(position);
            }

            foreach (int position in round)
            {
                MergeWithNext(position, rank);
            }
        }

        return Compact();
    }

    private static int RankOf(long priority) => (int)(priority >> 32);

    private void Enqueue(int position)
    {
        BytePairMerge merge = FindMerge(position);
        if (merge != BytePairMerge.None)
        {
            _pairs.Enqueue(position, ((long)merge.Rank << 32) | (uint)position);
        }
    }

    private BytePairMerge FindMerge(int position)
    {
        bool isPair = position != Nowhere && _symbols[position] != Merged && _next[position] != Nowhere;
        return isPair ? _merges.Find(_symbols[position], _symbols[_next[position]]) : BytePairMerge.None;
    }

    private void MergeWithNext(int position, int rank)
    {
        BytePairMerge merge = FindMerge(position);
        if (merge.Rank != rank)
        {
            return;
        }

        int absorbed = _next[position];
        _symbols[position] = merge.Result;
        _symbols[absorbed] = Merged;
        _next[position] = _next[absorbed];
        if (_next[position] != Nowhere)
        {
            _previous[_next[position]] = position;
        }

        Enqueue(_previous[position]);
        Enqueue(position);
    }

    private int Compact()
    {
        int count = 0;
        foreach (int symbol in _symbols)
        {
            if (symbol != Merged)
            {
                _symbols[count++] = symbol;
            }
        }

        return count;
    }
}
