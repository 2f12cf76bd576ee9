using System.Numerics.Tensors;
using DiffusionSharp.Conditions;
using DiffusionSharp.Prediction;

namespace DiffusionSharp.OnnxRuntime.Tests.Support;

/// <summary>What the fixtures' ControlNets give and their UNet makes of it, here in double: a term of each row, added to what the UNet predicts alone.</summary>
internal static class ControlFormula
{
    public const int Residuals = 3;

    /// <summary>Conditions of a plan with control pictures and, for each net, weights of a row: of its shallowest and of its deepest residual.</summary>
    public static Conditioning Conditions(int rows, params (float First, float Last)[][] weights)
    {
        Conditioning conditions = Plans.Context(rows);
        for (int net = 0; net < weights.Length; net++)
        {
            float[] ends = [.. Enumerable.Range(0, rows).SelectMany(row => (float[])[weights[net][row].First, weights[net][row].Last])];
            conditions = conditions
                .With(ConditionNames.ControlPicture(net), Values.Tensor(40 + net, rows, 3, 8, 12))
                .With(ConditionNames.ControlWeight(net), Tensor.Create(ends, [rows, 2]));
        }

        return conditions;
    }

    public static double[] Compute(float[] sample, double timestep, SampleShape shape, Conditioning conditions, params (float First, float Last)[][] weights)
    {
        double[] alone = PredictorFormula.Compute(sample, timestep, shape, conditions);
        for (int i = 0; i < alone.Length; i++)
        {
            int row = i / shape.ImageLength;
            for (int net = 0; net < weights.Length; net++)
            {
                (double first, double last) = weights[net][row];
                double[] terms = Terms(sample.AsSpan(row * shape.ImageLength, shape.ImageLength), timestep, shape, conditions, net, row);
                for (int k = 0; k < Residuals; k++)
                {
                    double weight = first == last ? last : Math.Pow(10, Math.Log10(first) + ((Math.Log10(last) - Math.Log10(first)) * k / (Residuals - 1)));
                    alone[i] += (1 << k) * weight * terms[k];
                }
            }
        }

        return alone;
    }

    // The means of the three residuals: sides are even, so that pooling keeps a mean.
    private static double[] Terms(ReadOnlySpan<float> sample, double timestep, SampleShape shape, Conditioning conditions, int net, int row)
    {
        int plane = shape.Height * shape.Width;
        double picture = Mean(Row(conditions[ConditionNames.ControlPicture(net)]!.Values, row));
        double context = Mean(Row(conditions.Context!, row));
        return
        [
            (Mean(sample[..(2 * plane)]) / 2) + picture,
            Mean(sample[..(3 * plane)]) + context,
            Mean(sample[plane..]) + (timestep / 1024),
        ];
    }

    private static ReadOnlySpan<float> Row(Tensor<float> tensor, int row)
    {
        int length = (int)(tensor.FlattenedLength / tensor.Lengths[0]);
        return tensor.Values().Slice(row * length, length);
    }

    private static double Mean(ReadOnlySpan<float> values)
    {
        double sum = 0;
        foreach (float value in values)
        {
            sum += value;
        }

        return sum / values.Length;
    }
}
