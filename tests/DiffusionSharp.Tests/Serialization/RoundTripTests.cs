using System.Reflection;
using DiffusionSharp.Conditions;
using DiffusionSharp.Schedulers;
using DiffusionSharp.Serialization;
using DiffusionSharp.Tests.Pipelines;

namespace DiffusionSharp.Tests.Serialization;

/// <summary>What goes into JSON comes out of it, to the last bit.</summary>
public class RoundTripTests
{
    private static readonly Dictionary<string, GenerationRequest> Requests = new()
    {
        ["unconditional"] = new GenerationRequest(),
        ["text"] = new TextToImageRequest("a cat"),
        ["picture"] = new ImageToImageRequest("a cat", Toy.Picture()),
        ["mask"] = new InpaintingRequest("a cat", Toy.Picture(), Toy.RightHalf),
    };

    private static readonly Dictionary<string, Type> Schedulers =
        typeof(IScheduler).Assembly.GetTypes().Where(type => type.IsAssignableTo(typeof(IScheduler)) && !type.IsAbstract).ToDictionary(type => type.Name);

    private static readonly Dictionary<string, Type> Parts =
        typeof(IRequestPart).Assembly.GetTypes().Where(type => type.IsAssignableTo(typeof(IRequestPart)) && !type.IsAbstract).ToDictionary(type => type.Name);

    public static TheoryData<string> PartNames() => [.. Parts.Keys];

    public static TheoryData<string> RequestNames() => [.. Requests.Keys];

    public static TheoryData<string> SchedulerNames() => [.. Schedulers.Keys];

    [Theory]
    [MemberData(nameof(RequestNames))]
    public void A_request_keeps_its_kind_and_every_property(string name)
    {
        AssertReturns(Requests[name], GenerationRequestJson.Default);
        (object other, string[] left) = OtherValues.Of(Requests[name], _ => true);
        Assert.Empty(left);
        AssertReturns((GenerationRequest)other, Outsiders.Json);
    }

    [Theory]
    [MemberData(nameof(PartNames))]
    public void A_part_keeps_every_property(string name)
    {
        object standard = Defaults.Of(Parts[name])!();
        AssertReturns(new GenerationRequest { Parts = [(IRequestPart)standard] }, GenerationRequestJson.Default);
        (object other, string[] left) = OtherValues.Of(standard, _ => true);
        Assert.Empty(left);
        AssertReturns(new GenerationRequest { Parts = [(IRequestPart)other] }, GenerationRequestJson.Default);
    }

    [Theory]
    [MemberData(nameof(SchedulerNames))]
    public void A_scheduler_keeps_every_option(string name)
    {
        Type type = Schedulers[name];
        IScheduler standard = Create(type, null);
        AssertReturns(new GenerationRequest { Scheduler = standard }, GenerationRequestJson.Default);

        (object options, string[] left) = OtherValues.Of(OtherValues.Options(standard)!, o => TryCreate(type, o) is not null);
        AssertReturns(new GenerationRequest { Scheduler = Create(type, options) }, GenerationRequestJson.Default);

        // PNDM knows no other clipping; a function is refused, see RefusalTests.
        Assert.Equal(name switch { nameof(PndmScheduler) => ["Clipping"], nameof(SaSolverScheduler) => ["Tau"], _ => [] }, left);
    }

    [Theory]
    [MemberData(nameof(SchedulerNames))]
    public void A_scheduler_of_which_JSON_says_only_the_class_has_its_defaults(string name)
    {
        Type type = Schedulers[name];
        foreach (string options in (string[])["", ", \"options\": null", ", \"options\": {}"])
        {
            GenerationRequest request = GenerationRequestJson.Default.Deserialize($$"""{"scheduler": {"$type": "{{name}}"{{options}} } }""");
            OtherValues.AssertSame(Create(type, null), request.Scheduler, name);
        }
    }

    [Fact]
    public void What_JSON_leaves_out_is_as_by_default()
    {
        OtherValues.AssertSame(new GenerationRequest(), GenerationRequestJson.Default.Deserialize("{}"), "request");
        OtherValues.AssertSame(new TextToImageRequest("a cat"), GenerationRequestJson.Default.Deserialize("""{"prompt": "a cat", "$type": "TextToImageRequest"}"""u8), "request");
        GenerationRequest inpainting = GenerationRequestJson.Default.Deserialize("""
            {"$type": "InpaintingRequest", "prompt": "a cat", "initialImage": {"shape": [1, 1], "float32": "AACAPw=="}, "mask": {"shape": [1], "float32": "AAAAAA=="}}
            """);
        Assert.Equal(1, inpainting.Strength);
        Assert.Equal([1f], inpainting.InitialImage!.Values());
        Assert.Equal([0f], inpainting.Mask!.Values());
    }

    [Fact]
    public void Null_returns_where_something_is_the_default()
    {
        AssertReturns(new GenerationRequest { Scheduler = new ScmScheduler(new ScmOptions { IntermediateTime = null }) }, GenerationRequestJson.Default);
    }

    [Fact]
    public void Types_of_outsiders_return_too()
    {
        var request = new FramedRequest("a cat")
        {
            Frame = 0.1,
            Scheduler = new HalvedSteps(new DdimScheduler(new DdimOptions { Eta = 0.3 }), divisor: 3),
            Parts = [new Border(2, Toy.Picture())],
        };
        GenerationRequest returned = Return(request, Outsiders.Json);
        OtherValues.AssertSame(request.Parts, returned.Parts, "parts");
        Assert.Equal(0.1, Assert.IsType<FramedRequest>(returned).Frame);
        var scheduler = Assert.IsType<HalvedSteps>(returned.Scheduler);
        Assert.Equal(3, scheduler.Divisor);
        Assert.Equal(0.3, Assert.IsType<DdimScheduler>(scheduler.Inner).Options.Eta);
    }

    [Fact]
    public void Text_and_UTF_8_say_the_same()
    {
        var request = new TextToImageRequest("Ærø 🦔");
        Assert.Equal(GenerationRequestJson.Default.Serialize(request), System.Text.Encoding.UTF8.GetString(GenerationRequestJson.Default.SerializeToUtf8Bytes(request)));
    }

    private static void AssertReturns(GenerationRequest request, GenerationRequestJson json) => OtherValues.AssertSame(request, Return(request, json), "request");

    private static GenerationRequest Return(GenerationRequest request, GenerationRequestJson json)
    {
        string text = json.Serialize(request);
        GenerationRequest returned = json.Deserialize(text);
        Assert.Equal(text, json.Serialize(returned));
        return returned;
    }

    private static IScheduler Create(Type type, object? options) =>
        (IScheduler)type.GetConstructors().Single().Invoke(BindingFlags.DoNotWrapExceptions, null, [options], null);

    private static IScheduler? TryCreate(Type type, object options)
    {
        try
        {
            return Create(type, options);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
