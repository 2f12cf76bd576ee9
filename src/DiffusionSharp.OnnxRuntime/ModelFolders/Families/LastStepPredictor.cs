using DiffusionSharp.Prediction;

namespace DiffusionSharp.OnnxRuntime.ModelFolders;

/// <summary>A network for all calls but the last, and another one for that.</summary>
internal sealed class LastStepPredictor(INoisePredictor network, INoisePredictor last) : DelegatingNoisePredictor(network, leaveOpen: false, last)
{
    public override IPredictionRun Start(PredictionPlan plan)
    {
        IPredictionRun[] runs = StartAll(plan);
        return new Run(runs[0], runs[1]);
    }

    private sealed class Run(IPredictionRun first, IPredictionRun last) : DelegatingPredictionRun(first, last)
    {
        private IPredictionRun _current = first;

        public override Span<float> Prediction => _current.Prediction;

        public override void Predict(in StepPoint at)
        {
            if (at.Call == at.CallCount - 1)
            {
                Inner.Sample.CopyTo(last.Sample);
                _current = last;
            }

            _current.Predict(at);
        }
    }
}
