using DiffusionSharp.OnnxRuntime.Sessions;
using DiffusionSharp.Prediction;
using Microsoft.ML.OnnxRuntime;

namespace DiffusionSharp.OnnxRuntime;

/// <summary>The sums of the residuals of several ControlNets, each with its weights, for one number of rows.</summary>
internal sealed class ResidualSums : IDisposable
{
    private readonly IReadOnlyList<OnnxTensorInfo> _inputs;
    private readonly ControlNetRun[] _nets;
    private readonly SessionLease _session;
    private readonly ModelRun _run;
    private readonly ModelBuffer _nothing;
    private readonly List<Addend> _addends = [];

    /// <param name="session">The graph that adds.</param>
    /// <param name="inputs">The UNet's inputs for the sums.</param>
    /// <param name="nets">The ControlNets, which have run once.</param>
    /// <param name="plan">Rows and cancellation.</param>
    public ResidualSums(OnnxSession session, IReadOnlyList<OnnxTensorInfo> inputs, ControlNetRun[] nets, PredictionPlan plan)
    {
        (_inputs, _nets) = (inputs, nets);
        _session = session.Acquire(plan.CancellationToken);
        try
        {
            _run = new ModelRun(plan.CancellationToken);
            _nothing = _session.CreateBuffer(session.Inputs["sum"], [1, 1, 1, 1]);
            _nothing.Upload();
            for (int n = 0; n < nets.Length; n++)
            {
                for (int i = 0; i < inputs.Count; i++)
                {
                    OrtValue before = n == 0 ? _nothing.Value : _addends[^inputs.Count].Sum;
                    _addends.Add(new Addend(session, _session, before, nets[n].Residuals[i], plan.Shape.Batch));
                }
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Binds the sums to the inputs of the UNet.</summary>
    public void Bind(OnnxPredictionRun unet)
    {
        for (int i = 0; i < _inputs.Count; i++)
        {
            unet.Bind(_inputs[i].Name, _addends[^(_inputs.Count - i)].Sum);
        }
    }

    /// <summary>Takes the weights that the nets have now.</summary>
    public void WriteWeights()
    {
        for (int i = 0; i < _addends.Count; i++)
        {
            (int net, int residual) = Math.DivRem(i, _inputs.Count);
            _nets[net].Weights.Of(residual, _addends[i].Weights.Floats);
            _addends[i].Weights.Upload();
        }
    }

    public void Run()
    {
        foreach (Addend addend in _addends)
        {
            addend.Run(_session, _run);
        }
    }

    public void Dispose()
    {
        foreach (Addend addend in _addends)
        {
            addend.Dispose();
        }

        _nothing?.Dispose();
        _run?.Dispose();
        _session.Dispose();
    }

    /// <summary>One residual of one net, added to those of the nets before it.</summary>
    private sealed class Addend : IDisposable
    {
        private readonly OrtIoBinding _binding;
        private readonly (string Name, OrtValue Value)[] _inputs;

        public Addend(OnnxSession graph, SessionLease session, OrtValue before, OrtValue residual, int rows)
        {
            _binding = session.CreateBinding();
            Weights = session.CreateBuffer(graph.Inputs["weight"], [rows, 1, 1, 1]);
            Sum = session.Allocate(graph.Outputs["out"], residual.GetTensorTypeAndShape().Shape);
            _inputs = [("sum", before), ("residual", residual), ("weight", Weights.Value)];
            BindInputs();
            _binding.BindOutput("out", Sum);
        }

        public ModelBuffer Weights { get; }

        public OrtValue Sum { get; }

        public void Run(SessionLease session, ModelRun run)
        {
            if (session.NeedsRebinding)
            {
                BindInputs();
            }

            session.Run(_binding, run);
        }

        public void Dispose()
        {
            _binding.Dispose();
            Weights.Dispose();
            Sum.Dispose();
        }

        private void BindInputs()
        {
            foreach ((string name, OrtValue value) in _inputs)
            {
                _binding.BindInput(name, value);
            }
        }
    }
}
