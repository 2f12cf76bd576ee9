using System.Numerics.Tensors;
using DiffusionSharp.Conditions;
using DiffusionSharp.Prediction;

namespace DiffusionSharp.OnnxRuntime.Tests.Support;

/// <summary>What the fixtures' noise predictors compute: x/2 + t/1024 + mean(context) and terms of the other conditions, here in double.</summary>
internal static class PredictorFormula
{
    public static double[] Compute(ReadOnlySpan<float> sample, double timestep, SampleShape shape, Conditioning conditioning)
    {
        var result = new double[sample.Length];
        for (int i = 0; i < result.Length; i++)
        {
            result[i] = (sample[i] / 2) + (timestep / 1024) + Term(conditioning, i / shape.ImageLength, shape.Batch);
        }

        return result;
    }

    private static double Term(Conditioning conditioning, int image, int batch)
    {
        double term = conditioning.ClassLabels is { } labels ? labels.Values()[image] / 4.0 : 0;
        term += conditioning.Context is { } context ? MeanOfRow(context, image, batch) : 0;
        term += conditioning.Pooled is { } pooled ? MeanOfRow(pooled, image, batch) : 0;
        return term + (conditioning["time_ids"] is { } ids ? MeanOfRow(ids.Values, image, batch) / 256 : 0);
    }

    private static double MeanOfRow(Tensor<float> tensor, int row, int rows)
    {
        ReadOnlySpan<float> values = tensor.Values();
        int length = values.Length / rows;
        double sum = 0;
        foreach (float value in values.Slice(row * length, length))
        {
            sum += value;
        }

        return sum / length;
    }
}
