using System.Numerics.Tensors;
using DiffusionSharp.Conditions;
using DiffusionSharp.Prediction;

namespace DiffusionSharp.OnnxRuntime.ModelFolders;

/// <summary>A network whose concatenated channels are scaled as the sample is, anew at each noise level.</summary>
internal sealed class ScaledConcatenation(INoisePredictor network) : DelegatingNoisePredictor(network)
{
    public override IPredictionRun Start(PredictionPlan plan) => new Run(Inner.Start(plan), plan.Conditioning);

    private sealed class Run : DelegatingPredictionRun
    {
        private Conditioning _scaled = Conditioning.None;
        private float[] _values = [];
        private ReadOnlyMemory<float> _given;
        private double _scale;

        public Run(IPredictionRun network, Conditioning conditioning)
            : base(network) => Take(conditioning);

        public override void SetConditions(Conditioning conditioning) => Take(conditioning);

        public override void Predict(in StepPoint at)
        {
            if (at.Level.InputScale != _scale)
            {
                _scale = at.Level.InputScale;
                TensorPrimitives.Multiply(_given.Span, (float)_scale, _values);
                Inner.SetConditions(_scaled);
            }

            Inner.Predict(at);
        }

        // The same memory in every step; no step has a scale that is not a number.
        private void Take(Conditioning conditioning)
        {
            Tensor<float> given = conditioning[ConditionNames.Concatenated]!.Values;
            _given = given.Values().ToArray();
            _values = new float[_given.Length];
            _scaled = conditioning.With(conditioning[ConditionNames.Concatenated]! with { Values = Tensor.Create(_values, given.Lengths) });
            _scale = double.NaN;
        }
    }
}
