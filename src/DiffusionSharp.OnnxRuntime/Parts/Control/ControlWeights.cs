using DiffusionSharp.Conditions;

namespace DiffusionSharp.OnnxRuntime;

/// <summary>The weights of one ControlNet: for each row that of the shallowest residual and that of the middle; those between are geometric.</summary>
internal sealed class ControlWeights(int net, int rows, int residuals)
{
    private readonly string _part = ConditionNames.ControlWeight(net);
    private readonly float[] _ends = new float[2 * rows];

    /// <summary>Whether any row has a weight.</summary>
    public bool IsAny => _ends.AsSpan().ContainsAnyExcept(0f);

    /// <summary>Throws where weights are missing, or not two for each row or for all.</summary>
    public static void Check(Conditioning conditioning, int net, int rows, string modelPath)
    {
        string name = ConditionNames.ControlWeight(net);
        ConditionPart part = conditioning[name] ?? throw new ArgumentException($"{modelPath}: the ControlNet needs the condition '{name}', which this generation does not have.");
        if (part.Values.FlattenedLength != (part.IsShared ? 2 : 2 * rows))
        {
            throw new ArgumentException($"{modelPath}: the condition '{name}' has the shape {part.Values.ShapeText()}, but it must be [{rows}, 2], the weights of the shallowest and the deepest residual.");
        }
    }

    /// <summary>Takes the weights of rows.</summary>
    public void Write(int row, Conditioning conditioning)
    {
        ConditionPart part = conditioning[_part]!;
        ReadOnlySpan<float> weights = part.Values.Values();
        if (!part.IsShared)
        {
            weights.CopyTo(_ends.AsSpan(2 * row));
            return;
        }

        for (int i = 0; i < rows; i++)
        {
            weights.CopyTo(_ends.AsSpan(2 * i));
        }
    }

    /// <summary>The weight of each row for a residual, from the shallowest, 0, to the middle, the last one.</summary>
    public void Of(int residual, Span<float> weights)
    {
        double depth = residuals == 1 ? 1 : (double)residual / (residuals - 1);
        for (int i = 0; i < rows; i++)
        {
            (double first, double last) = (_ends[2 * i], _ends[(2 * i) + 1]);
            weights[i] = (float)(first == last ? last : last * Math.Pow(first / last, 1 - depth));
        }
    }
}
