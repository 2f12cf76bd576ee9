namespace DiffusionSharp.Text;

/// <summary>What stands around the tokens of a text, up to a fixed length.</summary>
internal static class TokenFrame
{
    /// <summary>Begin token, the first tokens of a text, end token, padding.</summary>
    public static int[] Around(List<int> text, int count, int begin, int end, int padding, int length)
    {
        int[] ids = new int[length];
        Array.Fill(ids, padding);
        (ids[0], ids[count + 1]) = (begin, end);
        text.CopyTo(0, ids, 1, count);
        return ids;
    }
}
