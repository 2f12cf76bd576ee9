using Microsoft.ML.OnnxRuntime;

namespace DiffusionSharp.OnnxRuntime.Sessions;

/// <summary>A session in memory, with what its provider asks of whoever runs it.</summary>
internal sealed class LoadedSession : IDisposable
{
    private const string DirectMLMemory = "DML";

    private readonly IDisposableReadOnlyCollection<OrtMemoryInfo> _inputPlaces;
    private readonly Dictionary<string, DeviceMemory> _devices = new(StringComparer.Ordinal);
    private readonly DeviceMemory? _device;

    public LoadedSession(InferenceSession session, ModelSource source, OnnxOptions options)
    {
        Session = session;
        _inputPlaces = session.GetMemoryInfosForInputs();
        OrtMemoryInfo? device = _inputPlaces.FirstOrDefault(IsOnDevice);
        Gate = options.OneRunAtATime || device?.Name == DirectMLMemory ? new SemaphoreSlim(1) : null;
        if (options.CreateDevice is not null || device?.Name == CudaMemory.Name)
        {
            _device = options.CreateDevice?.Invoke(session) ?? new CudaMemory(session, device!, source.Name);
            for (int i = 0; i < session.InputNames.Count; i++)
            {
                if (options.CreateDevice is not null || IsOnDevice(_inputPlaces[i]))
                {
                    _devices[session.InputNames[i]] = _device;
                }
            }

            foreach (string output in session.OutputNames)
            {
                _devices[output] = _device;
            }
        }

        NeedsRebinding = device is not null && _device is null;
    }

    public InferenceSession Session { get; }

    /// <summary>Held during a run where the provider, as DirectML does, allows one at a time for a session; null elsewhere.</summary>
    public SemaphoreSlim? Gate { get; }

    /// <summary>Whether inputs are copied when they are bound, to memory that the library has no copy for, so that each step binds anew.</summary>
    public bool NeedsRebinding { get; }

    /// <summary>The memory of a device that an input or output is to lie in; null where that is the host's.</summary>
    public DeviceMemory? DeviceOf(string name) => _devices.GetValueOrDefault(name);

    public void Dispose()
    {
        _device?.Dispose();
        _inputPlaces.Dispose();
        Gate?.Dispose();
        Session.Dispose();
    }

    private static bool IsOnDevice(OrtMemoryInfo place) => place.GetDeviceType() != OrtMemoryInfoDeviceType.CPU;
}
