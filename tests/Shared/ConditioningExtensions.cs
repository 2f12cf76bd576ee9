using System.Numerics.Tensors;
using DiffusionSharp.Conditions;

namespace DiffusionSharp.Tests;

/// <summary>Short names for what tests look at most.</summary>
internal static class ConditioningExtensions
{
    extension(Conditioning conditioning)
    {
        public Tensor<float>? Context => conditioning[ConditionNames.Context]?.Values;

        public Tensor<float>? Pooled => conditioning[ConditionNames.Pooled]?.Values;

        public Tensor<float>? ClassLabels => conditioning[ConditionNames.ClassLabels]?.Values;

        public Tensor<float>? Concatenated => conditioning[ConditionNames.Concatenated]?.Values;

        /// <summary>Conditions of a few parts.</summary>
        public static Conditioning Of(params ReadOnlySpan<(string Name, Tensor<float> Values)> parts)
        {
            Conditioning all = Conditioning.None;
            foreach ((string name, Tensor<float> values) in parts)
            {
                all = all.With(name, values);
            }

            return all;
        }
    }
}
