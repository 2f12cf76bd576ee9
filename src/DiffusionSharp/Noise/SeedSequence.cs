namespace DiffusionSharp.Noise;

/// <summary>
/// NumPy's <c>SeedSequence</c> (O'Neill 2015, "Developing a seed_seq alternative"): well-mixed seeds from an entropy value and the place of a
/// child in a tree of generators.
/// </summary>
internal static class SeedSequence
{
    private const int Shift = 16;

    /// <summary>The first words of <c>SeedSequence(entropy, spawn_key, pool_size).generate_state</c>.</summary>
    /// <param name="entropy">The seed of the whole tree.</param>
    /// <param name="spawnKey">The child's place, one word each; empty for the root.</param>
    /// <param name="pool">Working memory; its length is the pool size, at least 4.</param>
    /// <param name="state">Receives the words.</param>
    public static void Generate(ulong entropy, ReadOnlySpan<uint> spawnKey, Span<uint> pool, Span<uint> state)
    {
        (uint low, uint high) = ((uint)entropy, (uint)(entropy >> 32));
        uint hash = 0x43B0D7E5;
        for (int i = 0; i < pool.Length; i++)
        {
            pool[i] = Hash(i switch { 0 => low, 1 => high, _ => 0 }, ref hash);
        }

        for (int source = 0; source < pool.Length; source++)
        {
            for (int target = 0; target < pool.Length; target++)
            {
                if (source != target)
                {
                    pool[target] = Mix(pool[target], Hash(pool[source], ref hash));
                }
            }
        }

        foreach (uint word in spawnKey)
        {
            foreach (ref uint target in pool)
            {
                target = Mix(target, Hash(word, ref hash));
            }
        }

        hash = 0x8B51F9DD;
        for (int i = 0; i < state.Length; i++)
        {
            uint value = pool[i % pool.Length] ^ hash;
            hash *= 0x58F38DED;
            value *= hash;
            state[i] = value ^ (value >> Shift);
        }
    }

    private static uint Hash(uint value, ref uint hash)
    {
        value ^= hash;
        hash *= 0x931E8875;
        value *= hash;
        return value ^ (value >> Shift);
    }

    private static uint Mix(uint x, uint y)
    {
        uint value = (0xCA01F9DD * x) - (0x4973F715 * y);
        return value ^ (value >> Shift);
    }
}
