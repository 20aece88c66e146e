import pytest

from llmhub.anyllm.endpoints import NO_KEY, endpoint, fingerprint
from llmhub.errors import ClientError, ConfigError, MissingKeyError
from llmhub.records.config import ProviderConfig


def test_a_provider_any_llm_knows_needs_no_entry_in_the_file():
    openai = endpoint("openai", None)
    assert openai.any_llm_provider == "openai"
    assert openai.key({"OPENAI_API_KEY": "k"}) == "k"


def test_the_file_may_name_another_variable_for_the_key():
    openai = endpoint("openai", ProviderConfig(env_key="TEAM_KEY"))
    assert openai.key({"OPENAI_API_KEY": "wrong", "TEAM_KEY": "right"}) == "right"


def test_a_missing_key_names_its_variable_and_its_provider():
    with pytest.raises(MissingKeyError, match="TEAM_KEY is not set") as caught:
        endpoint("openai", ProviderConfig(env_key="TEAM_KEY")).key({"TEAM_KEY": ""})
    assert caught.value.provider == "openai"


@pytest.mark.parametrize(
    "key", ["sk-cl\u00e9-0123456789", "sk-0123456789\n", "sk-0123\x00456789", "\u041a\u043b\u044e\u0447-0123456789"]
)
def test_a_key_that_no_header_can_carry_is_told_by_its_variable_alone(key):
    with pytest.raises(ClientError, match="TEAM_KEY holds characters that no key has") as caught:
        endpoint("openai", ProviderConfig(env_key="TEAM_KEY")).key({"TEAM_KEY": key})
    assert "0123" not in f"{caught.value} {caught.value!r}"


def test_either_of_two_variables_serves_where_any_llm_reads_two():
    assert endpoint("gemini", None).key({"GOOGLE_API_KEY": "g"}) == "g"
    with pytest.raises(MissingKeyError, match="GEMINI_API_KEY or GOOGLE_API_KEY"):
        endpoint("gemini", None).key({})


def test_an_unknown_name_with_an_address_is_an_openai_compatible_endpoint_without_a_key():
    gateway = endpoint("gateway", ProviderConfig(api_base="http://127.0.0.1:1/v1"))
    assert gateway.any_llm_provider is None
    # Left to itself any-llm would send whatever OPENAI_COMPATIBLE_API_KEY holds to this address.
    assert gateway.key({"OPENAI_COMPATIBLE_API_KEY": "someone else's"}) == NO_KEY


def test_a_named_endpoint_never_gets_the_public_providers_key():
    mine = endpoint("mine", ProviderConfig(api_base="http://127.0.0.1:1", type="anthropic"))
    assert mine.any_llm_provider == "anthropic"
    assert mine.key({"ANTHROPIC_API_KEY": "public"}) is None


def test_a_named_endpoint_of_type_openai_does_not_pose_as_openai():
    mine = endpoint("mine", ProviderConfig(api_base="http://127.0.0.1:1/v1", type="openai"))
    assert mine.any_llm_provider is None


def test_an_unknown_name_without_an_address_cannot_be_called():
    with pytest.raises(ConfigError, match="api_base"):
        endpoint("opnai", None)


@pytest.mark.parametrize(
    ("provider", "argument"),
    [
        ("groq", "base_url"),
        ("cerebras", "base_url"),
        ("cohere", "base_url"),
        ("voyage", "base_url"),
        ("vertexaianthropic", "base_url"),
    ],
)
def test_providers_that_ignore_api_base_get_the_address_in_the_argument_they_honour(provider, argument):
    arguments = endpoint(provider, ProviderConfig(api_base="http://proxy")).constructor_arguments({})
    assert arguments == {argument: "http://proxy"}


@pytest.mark.parametrize(
    ("address", "host", "insecure"),
    [
        ("https://proxy/v1", "proxy", False),
        ("http://127.0.0.1:8000", "127.0.0.1:8000", True),
        ("proxy:443", "proxy:443", False),
    ],
)
def test_xai_gets_the_host_alone_since_it_speaks_grpc(address, host, insecure):
    arguments = endpoint("xai", None).constructor_arguments({"XAI_API_BASE": address})
    assert arguments == {"api_host": host, "use_insecure_channel": insecure}


def test_the_documented_variable_for_an_ignored_address_is_honoured_too():
    arguments = endpoint("cerebras", None).constructor_arguments({"CEREBRAS_API_BASE": "http://proxy"})
    assert arguments == {"base_url": "http://proxy"}


def test_other_providers_get_api_base_and_client_args_as_they_stand():
    config = ProviderConfig(api_base="http://proxy/v1", client_args={"organization": "o"})
    assert endpoint("openai", config).constructor_arguments({}) == {
        "api_base": "http://proxy/v1",
        "organization": "o",
    }


def test_a_fingerprint_tells_keys_apart_and_holds_neither():
    assert fingerprint("sk-one") != fingerprint("sk-two")
    assert fingerprint("sk-one") == fingerprint("sk-" + "one")
    assert "sk-one" not in str(fingerprint("sk-one"))
