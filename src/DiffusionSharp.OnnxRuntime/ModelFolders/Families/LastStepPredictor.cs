using DiffusionSharp.Conditions;
using DiffusionSharp.Prediction;

namespace DiffusionSharp.OnnxRuntime.ModelFolders;

/// <summary>A network for all calls but the last, and another one for that.</summary>
internal sealed class LastStepPredictor(INoisePredictor network, INoisePredictor last) : INoisePredictor, IDisposable
{
    public int SizeMultiple => network.SizeMultiple;

    public string? Fingerprint => network.Fingerprint is { } first && last.Fingerprint is { } second ? first + second : null;

    public IPredictionRun Start(PredictionPlan plan)
    {
        IPredictionRun first = network.Start(plan);
        try
        {
            return new Run(first, last.Start(plan));
        }
        catch
        {
            first.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        (network as IDisposable)?.Dispose();
        (last as IDisposable)?.Dispose();
    }

    private sealed class Run(IPredictionRun first, IPredictionRun last) : DelegatingPredictionRun(first)
    {
        private IPredictionRun _current = first;

        public override Span<float> Prediction => _current.Prediction;

        public override int Evaluations => Inner.Evaluations + last.Evaluations;

        public override void SetConditions(Conditioning conditioning)
        {
            Inner.SetConditions(conditioning);
            last.SetConditions(conditioning);
        }

        public override void Predict(in StepPoint at)
        {
            if (at.Call == at.CallCount - 1)
            {
                Inner.Sample.CopyTo(last.Sample);
                _current = last;
            }

            _current.Predict(at);
        }

        public override void Finish()
        {
            Inner.Finish();
            last.Finish();
        }

        public override void Save(BinaryWriter writer)
        {
            Inner.Save(writer);
            last.Save(writer);
        }

        public override void Restore(BinaryReader reader)
        {
            Inner.Restore(reader);
            last.Restore(reader);
        }

        protected override void Dispose(bool disposing)
        {
            last.Dispose();
            base.Dispose(disposing);
        }
    }
}
