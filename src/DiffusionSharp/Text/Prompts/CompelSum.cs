namespace DiffusionSharp.Text;

/// <summary>Vectors of a chunk as a sum of encoded tokens with a coefficient for each token.</summary>
internal sealed class CompelSum(int length)
{
    private readonly Dictionary<(TokenChunk Tokens, int Offset), double[]> _terms = [];
    private readonly List<(TokenChunk Tokens, int Offset)> _order = [];

    /// <summary>The coefficients of some tokens, which may be written.</summary>
    /// <param name="tokens">The tokens.</param>
    /// <param name="offset">How many places behind its own a vector is taken from.</param>
    public double[] Of(TokenChunk tokens, int offset = 0)
    {
        if (!_terms.TryGetValue((tokens, offset), out double[]? coefficients))
        {
            coefficients = new double[length];
            _terms.Add((tokens, offset), coefficients);
            _order.Add((tokens, offset));
        }

        return coefficients;
    }

    /// <summary>Adds another sum, multiplied.</summary>
    public void Add(CompelSum other, double factor)
    {
        foreach ((TokenChunk tokens, int offset) in other._order)
        {
            (double[] to, double[] from) = (Of(tokens, offset), other.Of(tokens, offset));
            for (int i = 0; i < length; i++)
            {
                to[i] += factor * from[i];
            }
        }
    }

    /// <summary>Takes a vector from another place of another sum instead of this one's.</summary>
    /// <param name="at">The place.</param>
    /// <param name="sources">Sums and places, and what each is multiplied with.</param>
    public void Replace(int at, IReadOnlyList<(CompelSum Sum, int At, double Factor)> sources)
    {
        var taken = sources.SelectMany(source => source.Sum._order.Select(term => (term.Tokens, Offset: term.Offset + source.At - at, Value: source.Factor * source.Sum.Of(term.Tokens, term.Offset)[source.At]))).ToList();
        foreach (double[] coefficients in _terms.Values)
        {
            coefficients[at] = 0;
        }

        taken.ForEach(term => Of(term.Tokens, term.Offset)[at] += term.Value);
    }

    /// <summary>The same sum, for itself.</summary>
    public CompelSum Copy()
    {
        var copy = new CompelSum(length);
        copy.Add(this, 1);
        return copy;
    }

    public PromptChunk ToChunk() => new([.. _order
        .Where((term, i) => i == 0 || Array.Exists(Of(term.Tokens, term.Offset), value => value != 0))
        .Select(term => new WeightedTokens(term.Tokens, Array.ConvertAll(Of(term.Tokens, term.Offset), value => (float)value)) { Offset = term.Offset })]);
}
