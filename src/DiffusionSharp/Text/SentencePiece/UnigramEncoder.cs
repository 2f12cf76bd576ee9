using System.Buffers;
using System.Numerics;

namespace DiffusionSharp.Text;

/// <summary>Spells a normalised text in the pieces whose product of probabilities is the largest (Kudo 2018, arXiv:1804.10959).</summary>
/// <remarks>
/// Viterbi's algorithm in one pass over the bytes. Scores are compared in double and kept in float, and of equal ones the first counts, as in
/// Google's sentencepiece: where a text is long, rounding decides.
/// </remarks>
internal sealed class UnigramEncoder(UnigramVocabulary vocabulary)
{
    /// <summary>Appends the ids of a text.</summary>
    /// <param name="text">UTF-8.</param>
    /// <param name="ids">Gets the ids.</param>
    public void Encode(ReadOnlySpan<byte> text, List<int> ids)
    {
        Step[] rented = ArrayPool<Step>.Shared.Rent(text.Length + 1);
        Span<Step> best = rented.AsSpan(0, text.Length + 1);
        best.Fill(new Step(0, 0, -1));
        FindBest(text, best);
        AppendBackwards(text, best, ids);
        ArrayPool<Step>.Shared.Return(rented);
    }

    private void FindBest(ReadOnlySpan<byte> text, Span<Step> best)
    {
        int length;
        for (int start = 0; start < text.Length; start += length)
        {
            length = Math.Min(CharacterLength(text[start]), text.Length - start);
            float before = best[start].Score;
            bool hasCharacter = false;
            int node = ByteTrie.Root;
            for (int end = start + 1; end <= text.Length && vocabulary.Trie.TryStep(ref node, text[end - 1]); end++)
            {
                if (vocabulary.Trie.ValueAt(node) is >= 0 and int id)
                {
                    Offer(ref best[end], vocabulary.ScoreOf(id, end - start) + before, id, start);
                    hasCharacter |= end - start == length;
                }
            }

            if (!hasCharacter)
            {
                Offer(ref best[start + length], vocabulary.UnknownScore + before, vocabulary.UnknownId, start);
            }
        }
    }

    private static void Offer(ref Step best, double score, int id, int start)
    {
        if (best.Start < 0 || score > best.Score)
        {
            best = new Step(id, (float)score, start);
        }
    }

    // From the end; unknown characters in a row are one token, unless they are spelled in bytes.
    private void AppendBackwards(ReadOnlySpan<byte> text, ReadOnlySpan<Step> best, List<int> ids)
    {
        int first = ids.Count;
        int last = -1;
        for (int end = text.Length; end > 0; end = best[end].Start)
        {
            Step step = best[end];
            if (step.Id != vocabulary.UnknownId)
            {
                ids.Add(step.Id);
            }
            else if (!vocabulary.ByteIds.IsEmpty)
            {
                for (int i = end - 1; i >= step.Start; i--)
                {
                    ids.Add(vocabulary.ByteIds[text[i]]);
                }
            }
            else if (last != step.Id)
            {
                ids.Add(step.Id);
            }

            last = step.Id;
        }

        ids.Reverse(first, ids.Count - first);
    }

    // By the first byte, also of one that is damaged.
    private static int CharacterLength(byte first) => first < 0xC0 ? 1 : Math.Min(BitOperations.LeadingZeroCount((uint)(byte)~first) - 24, 4);

    /// <summary>The best way to a position: its last piece, its score, and where that piece starts; -1 where there is none yet.</summary>
    private readonly record struct Step(int Id, float Score, int Start);
}
