using System.Globalization;
using System.Numerics.Tensors;
using System.Text;

namespace DiffusionSharp.Prediction;

/// <summary>The shape of one row of a sample and of all its conditions, as text: what is equal can share a call.</summary>
internal static class RowShape
{
    /// <exception cref="ArgumentException">A condition has another number of rows than the sample.</exception>
    public static string Of(PredictionPlan plan)
    {
        (SampleShape shape, Conditioning conditioning) = plan;
        var text = new StringBuilder(shape.WithBatch(1).ToString());
        Append(text, nameof(Conditioning.Context), conditioning.Context, shape.Batch);
        Append(text, nameof(Conditioning.Pooled), conditioning.Pooled, shape.Batch);
        Append(text, nameof(Conditioning.ClassLabels), conditioning.ClassLabels, shape.Batch);
        Append(text, nameof(Conditioning.Concatenated), conditioning.Concatenated, shape.Batch);
        foreach (string name in conditioning.Named.Keys.Order(StringComparer.Ordinal))
        {
            Append(text, $"{nameof(Conditioning.Named)}[\"{name}\"]", conditioning.Named[name], shape.Batch);
        }

        return text.ToString();
    }

    private static void Append<T>(StringBuilder text, string part, Tensor<T>? tensor, int rows)
    {
        if (tensor is null)
        {
            return;
        }

        if (tensor.Lengths is not [var found, .. var row] || found != rows)
        {
            throw new ArgumentException($"{nameof(Conditioning)}.{part} has the shape {tensor.ShapeText()}, but the sample has {rows} rows.");
        }

        text.Append(CultureInfo.InvariantCulture, $" {part} [{string.Join(", ", row.ToArray())}]");
    }
}
